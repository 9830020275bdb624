"""A mail as an incident: description, place, pictures, reporter; what the form has no room for becomes a remark."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from yiwang.apps.governance.intake.mail.reading import Mail
from yiwang.apps.governance.intake.services.files import Kept
from yiwang.apps.governance.intake.services.form import chosen, known_fields, suggested
from yiwang.apps.governance.intake.services.placing import place_of
from yiwang.apps.governance.intake.services.senders import masked_address
from yiwang.apps.governance.intake.sources import INCIDENT
from yiwang.engines.cases.api import Running, open_case, remark
from yiwang.engines.directory.api import Actor


def open_from_mail(actor: Actor, mail: Mail, kept: Kept) -> Running:
    """Open the incident. Its clerk sees the whole text, however long, and every file."""
    fields, facts = known_fields()
    words = _words(mail)
    shown, rest = _divided(words, fields["description"].max_length or len(words))
    most = fields["before"].at_most
    data: dict[str, Any] = {
        **chosen(suggested(words), fields), "description": shown, "place": place_of(kept.points, words),
        "before": list(kept.pictures[:most]), "reporter_name": mail.sender_name or masked_address(mail.sender)[:40],
        "source": "email", "origin": mail.message_id[:120],
    }  # fmt: skip
    allowed = {*fields, *facts}
    case = open_case(actor, INCIDENT, {key: value for key, value in data.items() if key in allowed and value})
    further = [*kept.pictures[most:], *kept.others]
    said = [gettext("邮件全文：{text}").format(text=rest)] if rest else []
    said += [gettext("未能接收的附件：{file}").format(file=one) for one in kept.left_out]
    if said or further:
        remark(actor, case.id, "\n".join(said) or gettext("邮件的其余附件"), further)
    return case


def _words(mail: Mail) -> str:
    """Subject and text as one; the subject is not said twice."""
    if not mail.subject or mail.text.startswith(mail.subject):
        return mail.text or mail.subject or gettext("（邮件没有文字，请看照片）")
    return f"{mail.subject}\n{mail.text}".strip()


def _divided(words: str, most: int) -> tuple[str, str]:
    """What fits, and the whole again when it does not."""
    return (words, "") if len(words) <= most else (f"{words[: most - 1]}…", words)
