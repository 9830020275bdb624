"""重新处理: a person has looked at a mail that was set aside and wants it taken as a report."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from yiwang.apps.governance.intake.mail.folder import mail_folder
from yiwang.apps.governance.intake.mail.reading import read_mail
from yiwang.apps.governance.intake.models import Arrival
from yiwang.apps.governance.intake.rights import AGAIN
from yiwang.apps.governance.intake.selectors import arrival_of
from yiwang.apps.governance.intake.services.receiving import Came, become
from yiwang.apps.governance.intake.sources import IGNORED, REFUSED
from yiwang.engines.directory.api import Actor
from yiwang.kernel.errors import Conflict, NotAllowed, NotFound, TooLarge

MOST_BYTES = 200 * 1024 * 1024
"""What the web server is willing to read for a person who asks: a proposal."""


def take_again(actor: Actor, arrival_id: UUID) -> Arrival:
    """Take the mail as a report; Conflict when somebody has, a refusal with its reason when it still cannot be."""
    found = arrival_of(actor, arrival_id)
    if not actor.may(AGAIN, found.division):
        raise NotAllowed
    box = mail_folder()
    with transaction.atomic():
        row = Arrival.objects.select_for_update().get(pk=found.pk)
        if row.state not in (REFUSED, IGNORED) or row.channel != "email":
            raise Conflict("这封邮件已经处理过了。", next_step="请刷新页面查看。")
        path = box.find(row.file_name)
        if path is None:
            raise NotFound("邮件的原件不在了，无法重新处理。", next_step="请按邮件内容另行登记。")
        if path.stat().st_size > MOST_BYTES:
            raise TooLarge("邮件太大，无法读取。", next_step="请让发件人压缩照片后分几封重发。")
        row.reason = ""
        become(row, Came(read_mail(path.read_bytes()), row.file_name, is_forced=True), actor)
    box.keep(path, row.file_name)
    box.forget_reason(row.file_name)
    return row
