"""Addresses of the registry, mounted under /directory/."""

from __future__ import annotations

from django.urls import path

from yiwang.engines.registry import calendar_pages, division_pages, organisation_pages, party_pages, staff_pages

app_name = "directory"
urlpatterns = [
    path("organisations/", organisation_pages.organisations, name="organisations"),
    path("organisations/new/", organisation_pages.new, name="organisation_new"),
    path("organisations/<int:organisation_id>/", organisation_pages.organisation, name="organisation"),
    path("organisations/<int:organisation_id>/new/", organisation_pages.new_department, name="department_new"),
    path("organisations/<int:organisation_id>/rename/", organisation_pages.rename, name="organisation_rename"),
    path("organisations/<int:organisation_id>/state/", organisation_pages.change_state, name="organisation_state"),
    path("staff/", staff_pages.staff, name="staff"),
    path("staff/new/", staff_pages.new, name="member_new"),
    path("staff/<int:staff_id>/", staff_pages.member, name="member"),
    path("staff/<int:staff_id>/appoint/", staff_pages.appoint, name="member_appoint"),
    path("staff/<int:staff_id>/rename/", staff_pages.rename, name="member_rename"),
    path("staff/<int:staff_id>/password/", staff_pages.reset_password, name="member_password"),
    path("staff/<int:staff_id>/state/", staff_pages.change_state, name="member_state"),
    path("postings/<int:posting_id>/end/", staff_pages.end_posting, name="posting_end"),
    path("postings/<int:posting_id>/deputise/", staff_pages.deputise, name="posting_deputise"),
    path("divisions/", division_pages.divisions, name="divisions"),
    path("divisions/boundaries/", division_pages.boundaries, name="boundaries"),
    path("divisions/<str:code>/", division_pages.division, name="division"),
    path("divisions/<str:code>/outlines.json", division_pages.outlines, name="division_outlines"),
    path("divisions/<str:code>/new/", division_pages.new, name="division_new"),
    path("divisions/<str:code>/rename/", division_pages.rename, name="division_rename"),
    path("divisions/<str:code>/retire/", division_pages.retire, name="division_retire"),
    path("calendar/", calendar_pages.calendar, name="calendar"),
    path("calendar/explain/", calendar_pages.explain, name="calendar_explain"),
    path("calendar/notice/", calendar_pages.notice, name="calendar_notice"),
    path("calendar/hours/", calendar_pages.hours, name="calendar_hours"),
    path("calendar/days/<str:on>/", calendar_pages.day, name="calendar_day"),
    path("parties/", party_pages.parties, name="parties"),
    path("parties/new/", party_pages.new, name="party_new"),
    path("parties/<uuid:party_id>/", party_pages.party, name="party"),
    path("parties/<uuid:party_id>/reveal/", party_pages.reveal, name="party_reveal"),
]
