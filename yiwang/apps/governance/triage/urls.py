"""Addresses of triage, under /governance/triage/."""

from __future__ import annotations

from django.urls import path

from yiwang.apps.governance.triage.pages import advice, models, transfers

app_name = "triage"
urlpatterns = [
    path("advice", advice.advice, name="advice"),
    path("try-out/", advice.try_out, name="try_out"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/new/", transfers.transfer_new, name="transfer_new"),
    path("transfers/<uuid:transfer_id>/", transfers.one_transfer, name="transfer"),
    path("transfers/<uuid:transfer_id>/receipt/", transfers.receipt, name="receipt"),
    path("transfers/<uuid:transfer_id>/caller/", transfers.reveal, name="reveal"),
    path("models/", models.models, name="models"),
    path("models/change/", models.change, name="model_change"),
]
