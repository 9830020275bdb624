"""Which mails no person wrote: answers of machines, bounces, lists, and our own coming back. They open no case."""

from __future__ import annotations

import re
from email.message import Message

from django.utils.translation import gettext_noop

from yiwang.apps.governance.intake.mail.words import header

OURS = "X-Yiwang-Receipt"
"""Every mail we prepare carries it."""
OWN_ID = re.compile(r"<intake\.([0-9a-f-]{36})@")
OWN, BOUNCE, AUTOMATIC, BULK, LISTED = (
    gettext_noop("本系统自己发出的邮件"), gettext_noop("退信通知"), gettext_noop("自动回复或程序自动发出的邮件"),
    gettext_noop("群发邮件"), gettext_noop("邮件列表的邮件"),
)  # fmt: skip
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
_ROBOTS = ("mailer-daemon@", "postmaster@")


def why_automatic(message: Message, sender: str) -> str:
    """Why the mail is no report, for people to read; '' when a person wrote it. The headers are those of RFC 3834."""
    if OURS in message or OWN_ID.match(header(message, "Message-ID")):
        return OWN
    is_bounce = header(message, "Return-Path") == "<>" or message.get_content_type() == "multipart/report"
    if is_bounce or sender.startswith(_ROBOTS):
        return BOUNCE
    if _is_answered_by_machine(message):
        return AUTOMATIC
    if "List-Id" in message or "List-Post" in message or "List-Unsubscribe" in message:
        return LISTED
    return BULK if header(message, "Precedence").lower() in _BULK else ""


def _is_answered_by_machine(message: Message) -> bool:
    kind = header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    return kind not in ("", "no") or any(
        name in message for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder")
    )
