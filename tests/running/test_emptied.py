"""After a test that writes for good, nothing of it is left for the next."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.test import TransactionTestCase

from tests.emptied import KEPT, empty, written_tables
from yiwang.engines.access.models import LogInSession
from yiwang.engines.directory.models import User
from yiwang.kernel.clock import now


@pytest.mark.django_db(transaction=True)
def test_what_was_written_is_gone_and_what_follows_from_the_code_stays() -> None:
    user = User.objects.create(username="somebody", name="somebody")
    LogInSession.objects.create(session_key="f" * 32, user=user, began_at=now())
    assert {User._meta.db_table, LogInSession._meta.db_table} <= set(written_tables())
    empty(TransactionTestCase())
    left = {model._meta.db_table for model in apps.get_models() if model._meta.managed and model._default_manager.exists()}
    assert left <= KEPT
    assert ContentType.objects.exists()
