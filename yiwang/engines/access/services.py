"""Log in and out, second factor, sessions, passwords. Every change is told as a `DirectoryChanged` event."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_noop

from yiwang.engines.access import locks, totp
from yiwang.engines.access.models import LogInFailure, LogInSession, SecondFactor
from yiwang.engines.directory.api import DirectoryChanged, User, actor_for, vault
from yiwang.kernel.clock import now
from yiwang.kernel.errors import InvalidInput, NotAllowed, UserError
from yiwang.kernel.events import publish

PENDING = "second_factor_for"
PENDING_MINUTES = 10
"""How long a good password waits for its second factor."""
_LOOPBACK = ("127.0.0.1", "::1", "")
_WEAK = {
    "password_too_short": gettext_noop("新密码太短，至少要 10 个字符。"),
    "password_too_common": gettext_noop("这个密码太常见，容易被猜到，请换一个。"),
}
_BACKEND = "django.contrib.auth.backends.ModelBackend"


class LogInRefused(UserError):
    """One sentence for every reason, so that nobody learns which accounts exist."""

    code, status = "LOG_IN_REFUSED", 401
    message, next_step = "用户名或密码不正确。", "请核对后重试；连续输错将暂时锁定。"


class LogInWaited(LogInRefused):
    message, next_step = "等待验证的时间已过。", "请重新输入用户名和密码。"


class CodeRefused(LogInRefused):
    message, next_step = "验证码不正确或已使用。", "请输入应用中显示的最新 6 位数字。"


class FactorIsOn(UserError):
    """A second factor in use is not replaced by whoever holds the session."""

    code, status = "SECOND_FACTOR_ON", 409
    message, next_step = "两步验证已经开启。", "如需更换手机，请先用验证码关闭，再重新开启。"


def _fault(path: str, code: str, message: str) -> InvalidInput:
    return InvalidInput([{"path": path, "code": code, "message": message}])


def address_of(request: HttpRequest) -> str:
    """The caller's address. The server listens on the loopback only, so a proxy there may say whom it speaks for.

    Of several names in X-Forwarded-For only the last one counts: the proxy wrote it, the caller the others.
    """
    seen = str(request.META.get("REMOTE_ADDR", ""))
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return (told if told and seen in _LOOPBACK else seen)[:45]


@transaction.atomic
def _tell(kind: str, user: User, **payload: object) -> None:
    """Publish inside a transaction, always: the journal's chain is locked until it ends."""
    publish(DirectoryChanged(f"access.{kind}", f"user/{user.pk}", actor_for(user), payload=payload))


def log_in(request: HttpRequest, username: str, password: str) -> bool:
    """Check name and password. True: in. False: a second factor is still asked for (`log_in_second`)."""
    address, name = address_of(request), username.strip()[:80]
    locks.refuse_locked(name, address)
    user = authenticate(request, username=name, password=password)
    if not isinstance(user, User):
        _refuse(name, address)
    assert isinstance(user, User)
    if SecondFactor.objects.filter(user=user, is_confirmed=True).exists():
        request.session.cycle_key()
        request.session[PENDING] = {"user": user.pk, "until": (now() + timedelta(minutes=PENDING_MINUTES)).isoformat()}
        return False
    enter(request, user)
    return True


def _refuse(name: str, address: str) -> None:
    if locks.note_failure(name, address):
        owner = User.objects.filter(username=name).first()
        if owner is not None:
            _tell("locked", owner, address=address)
    raise LogInRefused


def pending_user(request: HttpRequest) -> User | None:
    """Whose password was good a moment ago, while the second factor is awaited."""
    waiting = request.session.get(PENDING)
    if not isinstance(waiting, dict) or datetime.fromisoformat(waiting["until"]) < now():
        return None
    return User.objects.filter(pk=waiting["user"], is_active=True).first()


def log_in_second(request: HttpRequest, code: str) -> None:
    """The second step: a code of the app, or a recovery code. A wrong one counts towards the lock."""
    user = pending_user(request)
    if user is None:
        raise LogInWaited
    locks.refuse_locked(user.username, address_of(request))
    if not accept_code(user, code):
        locks.note_failure(user.username, address_of(request))
        raise CodeRefused
    del request.session[PENDING]
    enter(request, user)


@transaction.atomic
def accept_code(user: User, code: str) -> bool:
    """Whether a code is good now; a good one is used up."""
    factor = SecondFactor.objects.select_for_update().filter(user=user, is_confirmed=True).first()
    if factor is None:
        return False
    secret = vault.unseal(bytes(factor.secret), 1)
    step = totp.accepted_step(secret, code.strip(), now().timestamp(), factor.last_step)
    hashed = totp.recovery_hash(code)
    if step is not None:
        factor.last_step = step
    elif hashed in factor.recovery_hashes:
        factor.recovery_hashes = [kept for kept in factor.recovery_hashes if kept != hashed]
    else:
        return False
    factor.save()
    return True


@transaction.atomic
def enter(request: HttpRequest, user: User) -> None:
    """Begin a session of somebody whose identity is proven, under a fresh key, and list it for its owner."""
    login(request, user, backend=_BACKEND)
    request.session.set_expiry(settings.YIWANG["YIWANG_SESSION_HOURS"] * 3600)
    request.session.save()
    LogInSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user, "began_at": now(), "address": address_of(request),
            "browser": request.headers.get("User-Agent", "")[:200],
        },
    )
    locks.forgive(user.username)
    _tell("logged_in", user, address=address_of(request))


def enter_demo(request: HttpRequest, username: str) -> None:
    """Log in as a demo account by its card; only where demo mode is on."""
    user = User.objects.filter(username=username, is_demo=True, is_active=True).first() if settings.DEMO else None
    if user is None:
        raise NotAllowed
    enter(request, user)


@transaction.atomic
def log_out(request: HttpRequest) -> None:
    """End this session."""
    if isinstance(request.user, User):
        LogInSession.objects.filter(session_key=request.session.session_key).delete()
        _tell("logged_out", request.user)
    logout(request)


@transaction.atomic
def end_session(user: User, session_key: str) -> None:
    """End one of the person's own sessions, here or on another device."""
    found = LogInSession.objects.filter(user=user, session_key=session_key)
    if found.exists():
        Session.objects.filter(session_key=session_key).delete()
        found.delete()
        _tell("session_ended", user)


def end_other_sessions(user: User, kept: str) -> int:
    """End all sessions but this one."""
    rows = LogInSession.objects.filter(user=user).exclude(session_key=kept)
    others = list(rows.values_list("session_key", flat=True))
    for key in others:
        end_session(user, key)
    return len(others)


def change_password(request: HttpRequest, old: str, new: str) -> None:
    """A new password, after the old one. Every other session of the person ends; this one gets a fresh key."""
    user, address = request.user, address_of(request)
    assert isinstance(user, User)
    locks.refuse_locked(user.username, address)
    if not user.check_password(old):
        locks.note_failure(user.username, address)
        raise _fault("old", "PASSWORD_WRONG", gettext("原密码不正确。"))
    try:
        validate_password(new, user)
    except ValidationError as error:
        message = "".join(gettext(_WEAK.get(str(one.code), str(one.message))) for one in error.error_list)
        raise _fault("new", "PASSWORD_WEAK", message) from error
    with transaction.atomic():
        user.set_password(new)
        user.save(update_fields=["password"])
        before = request.session.session_key
        end_other_sessions(user, str(before))
        update_session_auth_hash(request, user)
        request.session.save()
        LogInSession.objects.filter(session_key=before).update(session_key=request.session.session_key)
        _tell("password_changed", user)


def begin_second_factor(user: User) -> str:
    """A fresh, unconfirmed secret. Refused while one is on: only a good code turns that off."""
    if SecondFactor.objects.filter(user=user, is_confirmed=True).exists():
        raise FactorIsOn
    secret = totp.new_secret()
    vault.key_version()
    SecondFactor.objects.update_or_create(
        user=user,
        defaults={"secret": vault.seal(secret, 1), "is_confirmed": False, "last_step": 0, "recovery_hashes": []},
    )
    return secret


@transaction.atomic
def confirm_second_factor(user: User, code: str) -> list[str]:
    """Turn the second factor on after a first good code; the recovery codes are shown this once."""
    factor = SecondFactor.objects.filter(user=user, is_confirmed=False).first()
    step = None
    if factor is not None:
        step = totp.accepted_step(vault.unseal(bytes(factor.secret), 1), code.strip(), now().timestamp(), 0)
    if factor is None or step is None:
        raise _fault("code", "CODE_WRONG", gettext("验证码不正确，请输入最新的 6 位数字。"))
    codes = totp.new_recovery_codes()
    factor.is_confirmed, factor.last_step = True, step
    factor.recovery_hashes = [totp.recovery_hash(one) for one in codes]
    factor.save()
    _tell("second_factor_on", user)
    return codes


def unconfirmed_secret(user: User) -> str:
    """The secret that waits for its first code, '' when there is none."""
    factor = SecondFactor.objects.filter(user=user, is_confirmed=False).first()
    return vault.unseal(bytes(factor.secret), 1) if factor is not None else ""


def drop_second_factor(request: HttpRequest, code: str) -> None:
    """Turn it off, with a good code. Wrong ones count towards the lock."""
    user, address = request.user, address_of(request)
    assert isinstance(user, User)
    locks.refuse_locked(user.username, address)
    if not accept_code(user, code):
        locks.note_failure(user.username, address)
        raise _fault("code", "CODE_WRONG", gettext("验证码不正确或已使用。"))
    with transaction.atomic():
        SecondFactor.objects.filter(user=user).delete()
        _tell("second_factor_off", user)


def clear_expired() -> int:
    """Forget sessions that ended and failures that no longer count; the number of rows removed."""
    ended, _ = Session.objects.filter(expire_date__lt=now()).delete()
    live = Session.objects.values("session_key")
    LogInSession.objects.exclude(session_key__in=live).delete()
    old, _ = LogInFailure.objects.filter(at__lt=now() - timedelta(days=1)).delete()
    return ended + old
