"""Receipts of mails: prepared in the folder for outgoing mail; to send them is the mail server's part.

A receipt has a Message-ID that follows from its row: prepared twice, it is still one mail.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from yiwang.apps.governance.intake.mail.folder import mail_folder
from yiwang.apps.governance.intake.mail.sorting import OURS
from yiwang.apps.governance.intake.models import Arrival
from yiwang.apps.governance.intake.services.senders import sender_of
from yiwang.apps.governance.intake.sources import OPENED
from yiwang.engines.cases.api import secret_of, seen_cases
from yiwang.engines.directory.api import SYSTEM, name_of
from yiwang.kernel.clock import CHINA, now

AT_ONCE = 50


def prepare_receipts() -> int:
    """The worker's duty: a receipt for each mail that opened a case; how many."""
    due = Arrival.objects.filter(channel="email", state=OPENED, receipt_at=None, sender_cipher__isnull=False)
    box, done = mail_folder(), 0
    for row in due.order_by("id")[:AT_ONCE]:
        sender = sender_of(row)
        if sender:
            box.lay_out(f"{row.pk}.eml", receipt(row, sender).as_bytes())
            done += 1
        Arrival.objects.filter(pk=row.pk).update(receipt_at=now())
    return done


def receipt(row: Arrival, sender: str) -> EmailMessage:
    """Number, link, and what to do next. It says of itself that a machine wrote it (RFC 3834)."""
    own = settings.YIWANG["YIWANG_MAIL_ADDRESS"]
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = own, sender
    message["Subject"] = gettext("[案件 {number}] 已收到您的上报").format(number=row.number)
    message["Date"] = format_datetime(row.at.astimezone(CHINA))
    message["Message-ID"] = f"<intake.{row.pk}@{own.rpartition('@')[2]}>"
    if row.message_id.isascii() and row.message_id:
        message["In-Reply-To"] = message["References"] = row.message_id
    message["Auto-Submitted"] = "auto-replied"
    message[OURS] = "1"
    message.set_content(_words(row), cte="base64")
    return message


def _words(row: Arrival) -> str:
    link = address_of_site() + reverse("desk:follow_link", args=[row.number, secret_of(row.number)])
    case = seen_cases(SYSTEM, [row.case_id]).get(row.case_id) if row.case_id is not None else None
    service = str((case.state.data.get("triage") or {}).get("transfer") or "") if case is not None else ""
    parts = [gettext("您的上报已收到，编号 {number}。").format(number=row.number)]
    if service:
        parts.append(
            gettext("您说的像是紧急情况，已转 {service}。如有危险，请立即拨打 {service}。").format(service=service)
        )
    parts.append(gettext("查看进度（不用注册）：{link}").format(link=link))
    parts.append(gettext("要补充情况或照片，请直接回复这封邮件，不要改动标题里的编号。"))
    if row.reason:
        parts.append(gettext("有附件没有收到：{files}").format(files=row.reason))
    parts.append(name_of(row.division[:6]))
    return "\n\n".join(parts) + "\n"


def address_of_site() -> str:
    """Where people reach the site, without the last slash."""
    told: str = settings.YIWANG["YIWANG_SITE"]
    return told.rstrip("/") or f"http://127.0.0.1:{settings.YIWANG['YIWANG_PORT']}"
