"""Updates: what we tell of our reports as they move, and what programs tell us of theirs.

What a program says is a remark on the case: a state it names is its claim, and moves nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext

from yiwang.apps.governance.open311.asking import Reader
from yiwang.apps.governance.open311.models import ApiKey, Submission, Update
from yiwang.apps.governance.open311.refusals import Refused, faulty
from yiwang.apps.governance.open311.reporting import body_of, masked_text
from yiwang.apps.governance.open311.selectors.seeking import PUBLIC_TYPES, request_of
from yiwang.apps.governance.open311.services.submitting import OUTSIDE
from yiwang.apps.governance.open311.states import TITLES
from yiwang.engines.cases.api import CaseMoved, remark
from yiwang.engines.directory.api import ANONYMOUS
from yiwang.kernel import events
from yiwang.kernel.clock import CHINA, now

AHEAD = timedelta(minutes=5)
"""How far a program's clock may run before ours."""
MOST_SIGNS = 1_000


def listen() -> None:
    """Called once at start."""
    events.subscribe(CaseMoved, note_move)


def note_move(event: CaseMoved) -> None:
    """Tell a report's new state, if it came by this interface and the state is another one."""
    if event.type not in PUBLIC_TYPES or event.verb == "open":
        return
    row = Submission.objects.filter(case_id=event.case).first()
    found = request_of(ANONYMOUS, event.case) if row is not None else None
    if row is None or found is None or found.state == row.state:
        return
    row.state = found.state
    row.save(update_fields=["state"])
    Update.objects.create(submission=row, status=found.state, at=now(), received_at=now())


def receive(key: ApiKey, given: Mapping[str, str], *, is_test: bool) -> Update:
    """Keep an update, once for its `update_id`, and put it on the case as a remark; on the test endpoint nothing stays.

    Refused: 400 with every fault, 404 for a report that did not come with this key, 409 for a known id with new words.
    """
    reader = Reader(given)
    number, outside_id = reader.text("service_request_id"), reader.text("update_id")
    status, text = reader.text("status").lower(), reader.text("description")
    at = reader.moment("updated_datetime") or now()
    _check(reader, number, outside_id, status, text)
    if at > now() + AHEAD:
        reader.fault("updated_datetime", gettext("这个时间还没有到。"))
    faulty(reader.faults)
    body = body_of(given, {})
    with transaction.atomic():
        row = Submission.objects.select_for_update().filter(key=key, number=number, is_test=is_test).first()
        if row is None:
            raise Refused(
                404, gettext("service_request_id: 这个密钥没有上报过编号为“{number}”的事。").format(number=number[:40])
            )
        known = Update.objects.filter(key=key, outside_id=outside_id).first()
        if known is not None:
            return _same(known, body)
        made = Update(
            submission=row, key=key, outside_id=outside_id, status=status, description=masked_text(text),
            media_url=reader.text("media_url"), body=body, at=at, received_at=now(),
        )  # fmt: skip
        if not is_test:
            made.save(force_insert=True)
            _remark(row, made, text)
    return made


def _check(reader: Reader, number: str, outside_id: str, status: str, text: str) -> None:
    for name, value in (("service_request_id", number), ("update_id", outside_id)):
        if not value or len(value) > 200:
            reader.fault(name, gettext("没有给出，或者太长。"))
    if status not in TITLES:
        message = gettext("没有“{word}”这个状态，可用：{known}。")
        reader.fault("status", message.format(word=status[:40], known=", ".join(TITLES)))
    if len(text) > MOST_SIGNS:
        reader.fault("description", gettext("最多 {most} 个字。").format(most=MOST_SIGNS))
    media_url = reader.text("media_url")
    if media_url and (len(media_url) > 1900 or not media_url.startswith(("http://", "https://"))):
        reader.fault("media_url", gettext("格式不对。"))


def _same(known: Update, body: str) -> Update:
    if known.body != body:
        raise Refused(409, gettext("update_id: 这个编号已用于另一份内容，请换一个编号。"))
    return known


def _remark(row: Submission, made: Update, text: str) -> None:
    """Staff read it beside the case, with the time it is about: updates may come in any order."""
    if row.case_id is None:
        return
    said = gettext("外部系统更新（{time}，状态：{state}）：{text}").format(
        time=f"{made.at.astimezone(CHINA):%Y-%m-%d %H:%M}", state=gettext(TITLES[made.status]), text=text or "—"
    )
    remark(OUTSIDE, row.case_id, "\n".join(filter(None, (said, made.media_url))))
