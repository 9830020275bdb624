"""Two people at the ledger at the same moment: real transactions, real locks."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from tests.small_district import DISTRICT, build
from yiwang.apps.governance.catalogue.ledger.importing import import_components
from yiwang.apps.governance.catalogue.ledger.services import add_component, take_serials
from yiwang.apps.governance.catalogue.models import Component, ComponentSerial
from yiwang.engines.directory.api import SYSTEM, forget_cached


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Results, or what was raised, of acts that begin together in threads of their own."""
    done: list[object] = []
    ready = threading.Barrier(len(acts))

    def carry(act: Callable[[], object]) -> None:
        try:
            ready.wait()
            done.append(act())
        except Exception as error:
            done.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=carry, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


@pytest.mark.django_db(transaction=True)
def test_nothing_is_given_or_stored_twice() -> None:
    def take() -> list[int]:
        with transaction.atomic():
            return list(take_serials("9999990101", 3))

    given = at_once(*[take] * 8)
    assert sorted(number for numbers in given for number in numbers) == list(range(1, 25))  # type: ignore[attr-defined]
    assert ComponentSerial.objects.get(pk="9999990101").last == 24
    build()
    rows = "".join(f"{DISTRICT}0103{serial:06d},112.9,23.0\n" for serial in range(1, 60))
    content = f"部件标识码,经度,纬度\n{rows}".encode()

    def bring() -> int:
        return int(import_components(SYSTEM, content, "a.csv").facts["stored_count"])

    done = at_once(bring, bring, bring, lambda: add_component(SYSTEM, "C0103", 112.9, 23.0).code)
    counts = sorted(one for one in done if isinstance(one, int))
    assert len(done) == 4 and not [one for one in done if isinstance(one, Exception)], done
    assert counts[:2] == [0, 0] and counts[2] in (58, 59), "the new one may have come first and taken number 1"
    assert Component.objects.count() == counts[2] + 1
    forget_cached()
