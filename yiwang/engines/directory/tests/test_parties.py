"""Parties: numbers checked, encrypted, masked, found by a hash, shown for a reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag

from yiwang.engines.directory import vault
from yiwang.engines.directory.actors import ANONYMOUS, Actor, actor_for
from yiwang.engines.directory.events import DirectoryChanged, PartyRevealed
from yiwang.engines.directory.models import Party
from yiwang.engines.directory.numbers import credit_code_fault, masked, masked_phone, phone_fault, resident_id_fault
from yiwang.engines.directory.selectors.parties import find_parties, party
from yiwang.engines.directory.services.parties import Damaged, keep_party, record_party, reveal
from yiwang.engines.directory.tests.places import DALI, SHISHAN, keeper, person
from yiwang.kernel import events
from yiwang.kernel.errors import InvalidInput, NotAllowed, NotFound

NUMBER, CODE, PHONE = "11010519491231002X", "91110000600037341L", "13800138000"
DAY = date(2026, 11, 24)


@pytest.mark.parametrize("number", [NUMBER, "440524188001010014", "360426199101010071"])
def test_a_resident_id_is_accepted(number: str) -> None:
    assert resident_id_fault(number, DAY) == ""


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("110105194912310021", "校验不通过"),
        ("11010519491331002X", "出生日期不存在"),
        ("110105203012310022", "晚于今天"),
        ("1101051949123100", "18位"),
        ("11010519491231002Ｘ", "18位"),
        ("", "18位"),
    ],
)
def test_a_wrong_resident_id_says_why(number: str, words: str) -> None:
    assert words in resident_id_fault(number, DAY)


def test_every_changed_digit_of_a_number_is_found() -> None:
    for place in range(17):
        other = str((int(NUMBER[place]) + 1) % 10)
        assert resident_id_fault(NUMBER[:place] + other + NUMBER[place + 1 :], DAY)
    for place, letter in enumerate(CODE):
        other = "A" if letter.isdigit() else "B" if letter != "B" else "C"
        assert credit_code_fault(CODE[:place] + other + CODE[place + 1 :])


def test_masks_show_the_ends_only() -> None:
    assert masked(NUMBER) == "1101**********002X"
    assert masked_phone(PHONE) == "138****8000"
    assert masked("12345678") == "1******8"
    assert phone_fault("0757-86339999") == phone_fault(PHONE) == ""
    assert phone_fault("12345") and phone_fault("١٣٨٠٠١٣٨٠٠٠")


def test_the_vault_seals_each_time_anew_and_feels_a_touch(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    version = vault.key_version()
    one, other = vault.seal(NUMBER, version), vault.seal(NUMBER, version)
    assert one != other and NUMBER.encode() not in one
    assert vault.unseal(one, version) == vault.unseal(other, version) == NUMBER
    for place in (0, len(one) // 2, len(one) - 1):
        with pytest.raises(InvalidTag):
            vault.unseal(one[:place] + bytes([one[place] ^ 1]) + one[place + 1 :], version)
    (tmp_path / "keys" / "vault-2").write_bytes(b"\x07" * 32)
    assert vault.key_version() == 2 and vault.unseal(one, 1) == NUMBER
    with pytest.raises(InvalidTag):
        vault.unseal(one, 2)
    assert vault.digest(NUMBER.lower()) == vault.digest(NUMBER) != vault.digest(CODE)
    assert oct((tmp_path / "keys" / "vault-1").stat().st_mode & 0o777) == "0o600"


@pytest.fixture
def shishan(district: str) -> Actor:
    return keeper(SHISHAN)


@pytest.fixture
def chen(shishan: Actor) -> Party:
    return record_party(shishan, kind="person", name="陈晓敏", id_number=NUMBER, phone=PHONE, division=SHISHAN)


def test_a_party_holds_no_clear_number(chen: Party) -> None:
    row = Party.objects.values().get(pk=chen.pk)
    assert NUMBER not in repr(row) and PHONE not in repr(row)
    assert (row["id_number_masked"], row["phone_masked"]) == ("1101**********002X", "138****8000")


@pytest.mark.parametrize("text", [NUMBER, " 110105 19491231 002x ", PHONE, "陈晓敏"])
def test_a_party_is_found_by_exact_number_or_name(shishan: Actor, chen: Party, text: str) -> None:
    assert [row.pk for row in find_parties(shishan, text).rows] == [chen.pk]


@pytest.mark.parametrize("text", ["陈", "陈晓", "1101", "", "%", "002X"])
def test_a_part_of_a_number_or_name_finds_nobody(shishan: Actor, chen: Party, text: str) -> None:
    assert not find_parties(shishan, text).rows


def test_who_may_not_see_a_party_does_not(shishan: Actor, chen: Party) -> None:
    for actor in (ANONYMOUS, actor_for(person("clerk", "city_incident.dispatcher", SHISHAN))):
        with pytest.raises(NotAllowed):
            find_parties(actor, NUMBER)
        with pytest.raises(NotFound):
            party(actor, chen.pk)
        with pytest.raises((NotAllowed, NotFound)):
            reveal(actor, chen.pk, "id_number", "核对身份信息")
    dali = keeper(DALI)
    assert not find_parties(dali, NUMBER).rows
    with pytest.raises(NotFound):
        reveal(dali, chen.pk, "id_number", "核对身份信息")
    assert find_parties(keeper("440605"), NUMBER).rows


def test_a_party_of_no_known_division_is_the_districts_business(shishan: Actor) -> None:
    row = keep_party(ANONYMOUS, kind="firm", name="某某公司", id_number=CODE)
    assert row.division_id is None
    assert not find_parties(shishan, CODE).rows
    assert [found.pk for found in find_parties(keeper("440605"), CODE).rows] == [row.pk]


def test_one_number_is_one_party(shishan: Actor, chen: Party) -> None:
    with pytest.raises(InvalidInput) as refused:
        record_party(shishan, kind="person", name="陈某", id_number=NUMBER.lower(), division=SHISHAN)
    assert (refused.value.errors[0]["path"], refused.value.errors[0]["code"]) == ("id_number", "PARTY_EXISTS")
    assert keep_party(ANONYMOUS, kind="person", name="陈某", id_number=NUMBER).pk == chen.pk
    assert Party.objects.get(pk=chen.pk).name == "陈晓敏"


def test_each_wrong_field_is_named_at_once(shishan: Actor) -> None:
    with pytest.raises(InvalidInput) as refused:
        record_party(shishan, kind="firm", name=" ", id_number="91110000600037341X", phone="12", division=SHISHAN)
    assert {error["path"] for error in refused.value.errors} == {"name", "id_number", "phone"}


def test_a_number_is_shown_for_a_reason_that_is_told(
    shishan: Actor, chen: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[PartyRevealed] = []
    monkeypatch.setitem(events._subscribers, PartyRevealed, [heard.append])
    with pytest.raises(InvalidInput):
        reveal(shishan, chen.pk, "id_number", "看看")
    assert heard == []
    assert reveal(shishan, chen.pk, "id_number", "办理居住证核对身份") == NUMBER
    assert (heard[0].party, heard[0].field, heard[0].reason) == (chen.pk, "id_number", "办理居住证核对身份")
    assert reveal(shishan, chen.pk, "phone", "办理居住证核对身份") == PHONE
    with pytest.raises(NotFound):
        reveal(shishan, chen.pk, "name", "办理居住证核对身份")
    with pytest.raises(NotFound):
        reveal(shishan, uuid4(), "phone", "办理居住证核对身份")


def test_the_journal_learns_no_name_and_no_number(shishan: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[DirectoryChanged] = []
    monkeypatch.setitem(events._subscribers, DirectoryChanged, [heard.append])
    record_party(shishan, kind="person", name="陈晓敏", id_number=NUMBER, phone=PHONE, division=SHISHAN)
    [event] = heard
    told = repr((event.kind, event.subject, dict(event.payload)))
    assert "陈晓敏" not in told and NUMBER not in told and PHONE not in told


def test_a_number_moved_to_another_record_or_altered_is_not_shown(shishan: Actor, chen: Party) -> None:
    other = record_party(shishan, kind="person", name="李国强", id_number="440524188001010014", division=SHISHAN)
    Party.objects.filter(pk=other.pk).update(id_number_cipher=chen.id_number_cipher)
    with pytest.raises(Damaged):
        reveal(shishan, other.pk, "id_number", "办理居住证核对身份")
    altered = bytearray(chen.phone_cipher or b"")
    altered[-1] ^= 1
    Party.objects.filter(pk=chen.pk).update(phone_cipher=bytes(altered))
    with pytest.raises(Damaged):
        reveal(shishan, chen.pk, "phone", "办理居住证核对身份")
    assert reveal(shishan, chen.pk, "id_number", "办理居住证核对身份") == NUMBER
