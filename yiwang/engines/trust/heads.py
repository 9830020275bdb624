"""Where stream heads are kept. Each owner names one query; verification and sealing read them all."""

from __future__ import annotations

_queries: dict[str, str] = {"trust": "SELECT stream, sequence, hash FROM trust_stream"}


def register_heads(name: str, sql: str) -> None:
    """Tell the journal of heads kept elsewhere.

    `sql` selects stream uuid, sequence int and hash bytea for every stream of the owner `name`, without parameters
    and without a semicolon. Called once when the owner's app starts; the same name again replaces the query.
    """
    _queries[name] = sql


def heads_sql() -> str:
    """One query over all owners: stream, sequence, hash, of streams with at least one entry."""
    union = " UNION ALL ".join(f"SELECT stream, sequence, hash FROM ({sql}) AS {_name(key)}" for key, sql in _owners())
    return f"SELECT stream, sequence, hash FROM ({union}) AS every_head WHERE sequence > 0"


def _owners() -> list[tuple[str, str]]:
    return sorted(_queries.items())


def _name(key: str) -> str:
    return f"heads_of_{key}"
