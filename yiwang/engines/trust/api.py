"""What other engines may call of the journal.

A busy engine keeps heads in its own rows: `chain_entries` behind the head, `copy_rows` in the same transaction, store
the new head, and `register_heads` once so that verification and seals find them. Everybody else calls `append`.
"""

from __future__ import annotations

from yiwang.engines.trust.chain import GENESIS, Chain, Entry, chain_entries
from yiwang.engines.trust.heads import register_heads
from yiwang.engines.trust.models import JournalEntry
from yiwang.engines.trust.sealing import Proof, check_proof
from yiwang.engines.trust.selectors import Told, history, prove, seals, told
from yiwang.engines.trust.services import (
    append,
    append_entries,
    entry,
    retire_streams,
    seal_day,
    stream_named,
)
from yiwang.engines.trust.storage import copy_rows
from yiwang.engines.trust.verification import Fault, Report, verify

__all__ = [
    "GENESIS",
    "Chain",
    "Entry",
    "Fault",
    "JournalEntry",
    "Proof",
    "Report",
    "Told",
    "append",
    "append_entries",
    "chain_entries",
    "check_proof",
    "copy_rows",
    "entry",
    "history",
    "prove",
    "register_heads",
    "retire_streams",
    "seal_day",
    "seals",
    "stream_named",
    "told",
    "verify",
]
