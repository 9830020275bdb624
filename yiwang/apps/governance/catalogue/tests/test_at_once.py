"""Serial numbers asked for at the same moment."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from yiwang.apps.governance.catalogue.ledger.services import take_serials
from yiwang.apps.governance.catalogue.models import ComponentSerial


@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_get_one_number() -> None:
    """Each thread holds its transaction open until all have asked: the row lock makes them queue."""
    prefix, got = "9999990101", []

    def ask() -> None:
        try:
            with transaction.atomic():
                got.extend(take_serials(prefix, 3))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == list(range(1, 25)) and ComponentSerial.objects.get(pk=prefix).last == 24
