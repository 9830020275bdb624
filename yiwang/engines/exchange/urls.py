"""Addresses of exchange."""

from __future__ import annotations

from django.urls import URLPattern, path

from yiwang.engines.exchange.pages import cases, events, systems

app_name = "exchange"
urlpatterns: list[URLPattern] = [
    path("", systems.systems, name="systems"),
    path("new/", systems.new, name="new"),
    path("systems/<slug:key>/", systems.system, name="system"),
    path("systems/<slug:key>/change/", systems.change, name="change"),
    path("systems/<slug:key>/secret/", systems.rotate, name="rotate"),
    path("systems/<slug:key>/ping/", systems.ping, name="ping"),
    path("received/<uuid:event_id>/replay/", systems.replay_event, name="replay"),
    path("sent/<uuid:event_id>/retry/", systems.retry_event, name="retry"),
    path("conflicts/<uuid:conflict_id>/", systems.decide, name="decide"),
    path("cases/<uuid:case_id>/", cases.case, name="case"),
    path("cases/<uuid:case_id>/hand-over/", cases.hand_over_case, name="hand_over"),
    path("events/<slug:key>", events.events, name="events"),
]
