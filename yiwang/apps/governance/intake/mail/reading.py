"""A mail as its reader sees it: who, about what, the words, the files. Nested and broken ones too."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr
from itertools import islice

from yiwang.apps.governance.intake.mail.sorting import why_automatic
from yiwang.apps.governance.intake.mail.words import decoded, from_html, header, line, tidy

log = logging.getLogger("yiwang.intake")
_DEEPEST, _MOST_PARTS, _MOST_SIGNS = 20, 200, 20_000
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}\Z")
_IDS = re.compile(r"<[^<>\s]{1,250}>")
_QUOTED = re.compile(
    r"^(?:-{2,}\s*(?:原始邮件|原邮件|Original|Forwarded).*|.{0,80}(?:写道|wrote)[:：]\s*|发件人[:：].*|>.*)$",
    re.MULTILINE,
)
"""Where the mail that is answered begins."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file of a mail."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """`message_id` and `answers` with their angle brackets; `sender` a plain address, '' when it cannot be one.

    `automatic` says why no person wrote it, '' when one did.
    """

    message_id: str
    answers: tuple[str, ...]
    sender: str
    sender_name: str
    subject: str
    text: str
    files: tuple[Enclosed, ...]
    automatic: str

    @property
    def own_words(self) -> str:
        """The text without the mail it answers."""
        found = _QUOTED.search(self.text)
        return self.text[: found.start()].strip() if found is not None else self.text

    @property
    def body_hash(self) -> str:
        """The same for the same mail, whatever way it took."""
        running = hashlib.sha256("\n".join((self.sender, self.subject, self.text)).encode())
        for file in self.files:
            running.update(hashlib.sha256(file.content).digest())
        return running.hexdigest()


def read_mail(raw: bytes) -> Mail:
    """Never fails: what cannot be read is empty, and whoever asks decides."""
    try:
        return _read(raw)
    except Exception:  # The library trips over some broken mails: one must not hold up those behind it.
        log.exception("a mail of %s bytes cannot be read", len(raw))
        return Mail("", (), "", "", "", "", (), "")


def _read(raw: bytes) -> Mail:
    message = message_from_bytes(raw)
    name, address = parseaddr(str(message.get("From", "")))
    texts, files = _contents(message)
    ids = _IDS.findall(header(message, "Message-ID"))
    answers = _IDS.findall(f"{header(message, 'In-Reply-To')} {header(message, 'References')}")
    address = address.strip().lower()
    return Mail(
        message_id=ids[0] if ids else "",
        answers=tuple(dict.fromkeys(answers))[-40:],
        sender=address if _ADDRESS.match(address) else "",
        sender_name=line(name)[:40],
        subject=header(message, "Subject")[:300],
        text=tidy("\n".join(texts))[:_MOST_SIGNS],
        files=tuple(files),
        automatic=why_automatic(message, address),
    )


def key_of(mail: Mail, raw: bytes) -> str:
    """What makes a mail the same mail: its Message-ID; its bytes where it has none."""
    return f"mail:{digest_of(mail.message_id) if mail.message_id else hashlib.sha256(raw).hexdigest()}"


def digest_of(message_id: str) -> str:
    """A Message-ID of any length as a key."""
    return hashlib.sha256(message_id.encode()).hexdigest()


def _contents(message: Message) -> tuple[list[str], list[Enclosed]]:
    texts: list[str] = []
    files: list[Enclosed] = []
    for number, part in enumerate(islice(_leaves(message, 0), _MOST_PARTS), 1):
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        if _is_file(part):
            if content:
                files.append(Enclosed(_name_of(part) or f"{number}.{part.get_content_subtype()}", content))
        elif part.get_content_type() == "text/html":
            texts.append(from_html(decoded(content, _charset(part))))
        elif part.get_content_maintype() == "text":
            texts.append(decoded(content, _charset(part)))
    return texts, files


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except (ValueError, LookupError, TypeError):
        return None


def _name_of(part: Message) -> str:
    """The name of a file, '' without one or when nobody can tell in which charset it is."""
    try:
        return line(part.get_filename() or "")
    except (ValueError, LookupError, TypeError):
        return ""


def _is_file(part: Message) -> bool:
    return bool(_name_of(part)) or part.get_content_disposition() == "attachment" or (
        part.get_content_maintype() not in ("text", "multipart", "message")
    )  # fmt: skip


def _leaves(part: Message, depth: int) -> Iterator[Message]:
    """Parts that hold something, of two ways to say the same only the plainer."""
    if not part.is_multipart():
        yield part
    elif depth < _DEEPEST:
        kids = [kid for kid in part.get_payload() if isinstance(kid, Message)]
        if part.get_content_type() == "multipart/alternative":
            yield from _chosen(kids, depth)
        else:
            for kid in kids:
                yield from _leaves(kid, depth + 1)


def _chosen(kids: list[Message], depth: int) -> Iterator[Message]:
    plain = next((kid for kid in kids if kid.get_content_type() == "text/plain" and _has_words(kid)), None)
    if plain is not None:
        yield plain
    others = kids if plain is not None else kids[-1:]
    for kid in others:
        for leaf in _leaves(kid, depth + 1):
            if plain is None or leaf.get_content_maintype() != "text":
                yield leaf


def _has_words(part: Message) -> bool:
    content = part.get_payload(decode=True)
    return isinstance(content, bytes) and bool(content.strip())
