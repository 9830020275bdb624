"""The encoding and the chain, without a database."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from yiwang.engines.trust import digest
from yiwang.engines.trust.chain import GENESIS, Entry, chain_entries, entry_bytes, is_whole, moved_to, position

STREAM = UUID("0192d1f0-0000-7000-8000-000000000001")
AT = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)
texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=8)
entries = st.builds(
    Entry,
    kind=texts,
    division=texts,
    at=st.datetimes(timezones=st.just(UTC)),
    actor_id=st.none() | st.integers(-(2**63), 2**63 - 1),
    actor_name=texts,
    on_behalf_of=st.none() | texts,
    payload=st.binary(max_size=12),
)


def an_entry(**changes) -> Entry:
    return Entry("case.moved", "440605121", AT, 7, "老周", None, b'{"next":"handle"}')._replace(**changes)


def test_sm3_equals_the_example_of_the_standard():
    """GB/T 32905-2016, appendix A.1: the digest of "abc"."""
    expected = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert digest.sm3(b"abc").hex() == expected
    portable = digest._PortableHash()
    portable.update(b"abc")
    assert portable.copy().digest().hex() == portable.digest().hex() == expected


def test_encoding_is_the_documented_one():
    """Rebuilt by hand from the documentation, so that a stranger's checker agrees with ours."""

    def column(value: bytes | None) -> bytes:
        return b"\xff\xff\xff\xff" if value is None else len(value).to_bytes(4, "big") + value

    since = AT - datetime(2000, 1, 1, tzinfo=UTC)
    columns = [
        STREAM.bytes,
        (1).to_bytes(4, "big"),
        b"case.moved",
        b"440605121",
        (since // timedelta(microseconds=1)).to_bytes(8, "big"),
        (7).to_bytes(8, "big"),
        "老周".encode(),
        None,
        b'{"next":"handle"}',
        bytes(32),
    ]
    expected = hashlib.new("sm3", b"".join(map(column, columns))).digest()
    assert chain_entries(STREAM, 0, GENESIS, [an_entry()]).hash == expected


def test_same_instant_in_another_zone_has_the_same_hash():
    there = AT.astimezone(timezone(timedelta(hours=8)))
    assert chain_entries(STREAM, 0, GENESIS, [an_entry()]) == chain_entries(STREAM, 0, GENESIS, [an_entry(at=there)])


def test_rows_link_to_each_other():
    chain = chain_entries(STREAM, 4, b"\x05" * 32, [an_entry(), an_entry(kind="case.closed")])
    first, second = map(position, chain.rows)
    assert (first.sequence, second.sequence, chain.sequence) == (5, 6, 6)
    assert first.previous_hash == b"\x05" * 32
    assert second.previous_hash == first.hash
    assert second.hash == chain.hash
    assert all(map(is_whole, chain.rows))
    assert not is_whole(moved_to(chain.rows[0], 9))
    assert moved_to(moved_to(chain.rows[0], 9), 5) == chain.rows[0]


@given(entries, entries)
def test_different_entries_never_share_an_encoding(one: Entry, other: Entry):
    same = entry_bytes(STREAM.bytes, 1, GENESIS, one) == entry_bytes(STREAM.bytes, 1, GENESIS, other)
    assert same == (one == other)


@given(entries, st.data())
def test_any_changed_byte_of_a_row_is_seen(one: Entry, data: st.DataObject):
    row = bytearray(chain_entries(STREAM, 0, GENESIS, [one]).rows[0])
    place = data.draw(st.integers(2, len(row) - 1))
    row[place] ^= data.draw(st.integers(1, 255))
    assert not is_whole(bytes(row)) or place in range(len(row) - 36, len(row) - 32)  # the hash's own length
