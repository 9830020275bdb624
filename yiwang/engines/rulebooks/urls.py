"""Addresses of rulebooks."""

from __future__ import annotations

from django.urls import path

from yiwang.engines.rulebooks.pages import drafting, publishing, reading, which_rule

app_name = "rulebooks"
urlpatterns = [
    path("", reading.books, name="books"),
    path("editions/<int:edition_id>/", reading.edition, name="edition"),
    path("editions/<int:edition_id>/compare/", reading.compare, name="compare"),
    path("editions/<int:edition_id>/file.<str:kind>", reading.export, name="export"),
    path("editions/<int:edition_id>/check/", publishing.check, name="check"),
    path("editions/<int:edition_id>/publish/", publishing.publish, name="publish"),
    path("editions/<int:edition_id>/withdraw/", publishing.withdraw, name="withdraw"),
    path("editions/<int:edition_id>/discard/", drafting.discard, name="discard"),
    path("editions/<int:edition_id>/rules/new/", drafting.rule_new, name="rule_new"),
    path("editions/<int:edition_id>/rules/<int:no>/", drafting.rule, name="rule"),
    path("editions/<int:edition_id>/rules/<int:no>/remove/", drafting.rule_remove, name="rule_remove"),
    path("<str:book>/", reading.book, name="book"),
    path("<str:book>/editions/", reading.editions, name="editions"),
    path("<str:book>/applied/", which_rule.applied, name="applied"),
    path("<str:book>/draft/", drafting.draft, name="draft"),
    path("<str:book>/import/", drafting.import_file, name="import"),
]
