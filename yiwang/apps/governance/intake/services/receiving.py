"""A mail becomes a case, a remark on one, or waits for a person: once, whatever happens between.

The row and the case are written in one transaction, under a key that is unique; only then the file moves. A crash
between leaves the file where it was: the next turn finds the row and moves it.
"""

from __future__ import annotations

import logging
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils.translation import gettext, gettext_noop

from yiwang.apps.governance.intake.mail.folder import MailFolder, mail_folder
from yiwang.apps.governance.intake.mail.reading import Mail, digest_of, key_of, read_mail
from yiwang.apps.governance.intake.mail.sorting import OWN_ID
from yiwang.apps.governance.intake.models import Arrival
from yiwang.apps.governance.intake.services.files import keep_files
from yiwang.apps.governance.intake.services.opening import open_from_mail
from yiwang.apps.governance.intake.services.senders import sealed
from yiwang.apps.governance.intake.sources import IGNORED, MAIL_FACTOR, MAILS_AN_HOUR, OPENED, REFUSED, REMARK
from yiwang.engines.cases.api import REPORTER, case_numbered, remark
from yiwang.engines.directory.api import SYSTEM, Actor, district_code, system_actor, vault
from yiwang.engines.trust.api import append
from yiwang.kernel.clock import now
from yiwang.kernel.errors import InvalidInput, Unavailable, UserError
from yiwang.kernel.ids import new_id

log = logging.getLogger("yiwang.intake")
POST = system_actor("电子邮件")
STREAM = "intake.mail"
AT_ONCE = 20
HEAD_BYTES = 65_536
HELD_UP = timedelta(hours=1)
"""How long a mail waits for the virus scanner or the disk before a person looks: a proposal."""
_NUMBER = re.compile(r"[\[【]\s*(?:案件|Case)\s*(\d{6,30})\s*[\]】]")
TOO_LARGE, NO_SENDER, NOTHING, TOO_MANY, OTHER_BODY, FAILED = (
    gettext_noop("邮件太大，没有读取。"), gettext_noop("发件人地址无法识别。"),
    gettext_noop("邮件没有文字，也没有能打开的照片。"), gettext_noop("同一发件人一小时内的邮件太多，请人工判断。"),
    gettext_noop("邮件编号与先前一封相同，内容却不同，请人工判断。"), gettext_noop("处理时出错，请稍后重新处理。"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Came:
    """One mail on its way in. `is_forced`: a person has looked and wants it taken as a report."""

    mail: Mail
    name: str
    is_large: bool = False
    is_forced: bool = False


def take_mail() -> int:
    """The worker's duty: settle mails that wait; how many. What the disk or the scanner holds up is tried again."""
    box, done = mail_folder(), 0
    for path in box.waiting(AT_ONCE):
        done += settle(box, path)
    return done


def settle(box: MailFolder, path: Path) -> bool:
    """Settle one file; False when it must wait or another worker was faster."""
    try:
        raw, is_large = _read(path)
    except FileNotFoundError:
        return False
    except OSError:  # Not ours to read, or no file any more: it waits, those behind it do not.
        log.exception("mail %s cannot be opened", path.name)
        return False
    mail = read_mail(raw)
    came, key = Came(mail, path.name, is_large), key_of(mail, raw)
    try:
        row = _known(came, key) or _written(came, key)
    except Unavailable:
        if not _is_old(path):
            return False
        row = _refused(came, key, FAILED)
    except (OperationalError, InterfaceError):
        log.exception("mail %s waits", path.name)
        return False
    if row.file_name == path.name and row.state == REFUSED:
        box.refuse(path, path.name, gettext(row.reason))
    else:
        box.keep(path, path.name)
    return True


def _read(path: Path) -> tuple[bytes, bool]:
    """The content, or only its beginning when the mail is too large to be read whole."""
    most = settings.YIWANG["YIWANG_UPLOAD_LIMIT"] * MAIL_FACTOR
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        is_large = os.fstat(file.fileno()).st_size > most
        return file.read(HEAD_BYTES if is_large else most), is_large


def _is_old(path: Path) -> bool:
    """Whether the scanner or the disk has held the mail up for longer than a person would wait for it."""
    with suppress(FileNotFoundError):
        return now().timestamp() - path.stat().st_mtime > HELD_UP.total_seconds()
    return False


def _known(came: Came, key: str) -> Arrival | None:
    """The row of the same mail, taken before. Under the same Message-ID something else is for a person."""
    row = Arrival.objects.filter(key=key).first()
    if row is None or row.body_hash == came.mail.body_hash:
        return row
    other = f"{key}:{came.mail.body_hash[:16]}"
    return Arrival.objects.filter(key=other).first() or _refused(came, other, OTHER_BODY)


def _written(came: Came, key: str) -> Arrival:
    """The row with what became of the mail; two workers with one mail end with one row."""
    try:
        with transaction.atomic():
            row = _row(came, key)
            row.save(force_insert=True)
            become(row, came)
            return row
    except IntegrityError:
        return Arrival.objects.filter(key=key).first() or _refused(came, key, FAILED)
    except (Unavailable, OperationalError, InterfaceError):
        raise
    except UserError as refusal:
        return _refused(came, key, _sentence(refusal))
    except Exception:
        log.exception("mail %s failed", came.name)
        return _refused(came, key, FAILED)


def _sentence(refusal: UserError) -> str:
    """The cause for the clerk: of a form, what each field lacks."""
    errors = refusal.errors if isinstance(refusal, InvalidInput) else []
    return "".join(error["message"] for error in errors) or refusal.sentence()


def _row(came: Came, key: str) -> Arrival:
    row_id = new_id()
    return Arrival(
        id=row_id, channel="email", key=key, body_hash=came.mail.body_hash, state=REFUSED,
        title=came.mail.subject[:120], division=district_code(), file_name=came.name,
        message_id=came.mail.message_id[:300], by=POST.name, at=now(), **sealed(came.mail.sender, row_id),
    )  # fmt: skip


def _refused(came: Came, key: str, reason: str) -> Arrival:
    row = _row(came, key)
    row.reason = reason[:300]
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _tell(row, POST)
    except IntegrityError:
        return Arrival.objects.get(key=key)
    return row


def become(row: Arrival, came: Came, actor: Actor = POST) -> None:
    """Decide what the mail is and do it, in the row's transaction. UserError when it can be no report."""
    reason = "" if came.is_forced else _against(came, row)
    if not reason and came.mail.automatic and not came.is_forced:
        row.state, row.reason = IGNORED, came.mail.automatic
    elif reason:
        row.state, row.reason = REFUSED, reason
    else:
        own = _own_case(came.mail)
        if own is not None:
            _add(row, came.mail, own)
        else:
            _open(row, came.mail)
    row.save()
    _tell(row, actor)


def _against(came: Came, row: Arrival) -> str:
    """Why a person must look first; ''."""
    if came.is_large:
        return TOO_LARGE
    if came.mail.automatic:
        return ""
    if not came.mail.sender:
        return NO_SENDER
    taken = Arrival.objects.filter(sender_digest=row.sender_digest, state__in=(OPENED, REMARK))
    recent = taken.filter(at__gt=now() - timedelta(hours=1))
    return TOO_MANY if recent.count() >= MAILS_AN_HOUR else ""


def _own_case(mail: Mail) -> Arrival | None:
    """The mail that opened the case this one answers, when the same sender wrote both."""
    if not mail.sender:
        return None
    opened = Arrival.objects.filter(state=OPENED, sender_digest=vault.digest(mail.sender), case_id__isnull=False)
    receipts = [UUID(found[1]) for one in mail.answers if (found := OWN_ID.match(one)) and _is_id(found[1])]
    if receipts and (row := opened.filter(pk__in=receipts).first()):
        return row
    keys = [f"mail:{digest_of(one)}" for one in mail.answers]
    if keys and (row := opened.filter(key__in=keys).first()):
        return row
    numbers = _NUMBER.findall(mail.subject)
    return opened.filter(number__in=numbers).first() if numbers else None


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _add(row: Arrival, mail: Mail, first: Arrival) -> None:
    """What the reporter adds, as a remark in the reporter's own name."""
    case = case_numbered(SYSTEM, first.number)
    if case is None:
        raise UserError(gettext("没有找到要补充的案件。"))
    reporter, session = Actor(None, REPORTER, proof=case.id), f"mail:{row.pk}"
    kept = keep_files(mail.files, reporter, session)
    words = mail.own_words or (gettext("（邮件没有文字，请看附件）") if kept.pictures or kept.others else "")
    if not words:
        raise UserError(NOTHING, next_step="")
    said = "\n".join((words, *(gettext("未能接收的附件：{file}").format(file=one) for one in kept.left_out)))
    remark(reporter, case.id, said, [*kept.pictures, *kept.others], session_key=session)
    row.state, row.case_id, row.number, row.division = REMARK, case.id, case.number, case.area or case.division


def _open(row: Arrival, mail: Mail) -> None:
    kept = keep_files(mail.files, POST)
    if not (mail.text or mail.subject or kept.pictures):
        raise UserError(NOTHING, next_step="")
    case = open_from_mail(POST, mail, kept)
    row.state, row.case_id, row.number = OPENED, case.id, case.number
    row.division = case.area or case.division
    row.reason = "；".join(kept.left_out)[:300]


def _tell(row: Arrival, actor: Actor) -> None:
    """In the journal: what became of a mail, without anybody's address."""
    facts = {"id": str(row.pk), "state": row.state, "reason": row.reason, "case": row.number, "file": row.file_name}
    append(STREAM, "mail.settled", facts, actor=actor, division=row.division, at=now())
