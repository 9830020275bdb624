"""Log in and out, second factor, sessions, passwords. Every change is told as a `DirectoryChanged` event."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import authenticate, login
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from yiwang.engines.access import locks, totp
from yiwang.engines.access.models import LogInFailure, LogInSession, SecondFactor
from yiwang.engines.directory.api import DirectoryChanged, User, actor_for, vault
from yiwang.kernel.clock import now
from yiwang.kernel.errors import InvalidInput, NotAllowed, UserError
from yiwang.kernel.events import publish

PENDING = "second_factor_for"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


class LogInRefused(UserError):
    """One sentence for every reason, so that nobody learns which accounts exist."""

    code, status = "LOG_IN_REFUSED", 401
    message, next_step = "用户名或密码不正确。", "请核对后重试；连续输错将暂时锁定。"


def address_of(request: HttpRequest) -> str:
    """The caller's address as the server sees it."""
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def _tell(kind: str, user: User, **payload: object) -> None:
    publish(DirectoryChanged(f"access.{kind}", f"user/{user.pk}", actor_for(user), payload=payload))


def log_in(request: HttpRequest, username: str, password: str) -> bool:
    """Check name and password. True: in. False: a second factor is still asked for (`log_in_second`)."""
    address, name = address_of(request), username.strip()[:80]
    locks.refuse_locked(name, address)
    user = authenticate(request, username=name, password=password)
    if not isinstance(user, User):
        _refuse(name, address)
    assert isinstance(user, User)
    factor = SecondFactor.objects.filter(user=user, is_confirmed=True).exists()
    if factor:
        request.session[PENDING] = user.pk
        return False
    _enter(request, user)
    return True


def _refuse(name: str, address: str) -> None:
    if locks.note_failure(name, address):
        owner = User.objects.filter(username=name).first()
        if owner is not None:
            _tell("locked", owner, address=address)
    raise LogInRefused


@transaction.atomic
def log_in_second(request: HttpRequest, code: str) -> None:
    """The second step: a code of the app, or a recovery code."""
    user = User.objects.filter(pk=request.session.get(PENDING), is_active=True).first()
    if user is None:
        raise LogInRefused
    locks.refuse_locked(user.username, address_of(request))
    if not accept_code(user, code):
        locks.note_failure(user.username, address_of(request))
        raise LogInRefused("验证码不正确或已使用。", next_step="请输入应用中显示的最新 6 位数字。")
    del request.session[PENDING]
    _enter(request, user)


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


def _enter(request: HttpRequest, user: User) -> None:
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
    _enter(request, user)


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


def change_password(user: User, old: str, new: str) -> None:
    """A new password, after the old one."""
    if not user.check_password(old):
        raise InvalidInput([{"path": "old", "code": "PASSWORD_WRONG", "message": "原密码不正确。"}])
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise InvalidInput(
            [{"path": "new", "code": "PASSWORD_WEAK", "message": "".join(error.messages)}]
        ) from error
    user.set_password(new)
    user.save(update_fields=["password"])
    _tell("password_changed", user)


def begin_second_factor(user: User) -> str:
    """A fresh, unconfirmed secret; the one before is forgotten."""
    secret = totp.new_secret()
    vault.key_version()
    SecondFactor.objects.update_or_create(
        user=user,
        defaults={"secret": vault.seal(secret, 1), "is_confirmed": False, "last_step": 0, "recovery_hashes": []},
    )
    return secret


def confirm_second_factor(user: User, code: str) -> list[str]:
    """Turn the second factor on after a first good code; the recovery codes are shown this once."""
    factor = SecondFactor.objects.filter(user=user, is_confirmed=False).first()
    step = None
    if factor is not None:
        step = totp.accepted_step(vault.unseal(bytes(factor.secret), 1), code.strip(), now().timestamp(), 0)
    if factor is None or step is None:
        raise InvalidInput([{"path": "code", "code": "CODE_WRONG", "message": "验证码不正确，请输入最新的 6 位数字。"}])
    codes = totp.new_recovery_codes()
    factor.is_confirmed, factor.last_step = True, step
    factor.recovery_hashes = [totp.recovery_hash(one) for one in codes]
    factor.save()
    _tell("second_factor_on", user)
    return codes


def drop_second_factor(user: User, code: str) -> None:
    """Turn it off, with a good code."""
    if not accept_code(user, code):
        raise InvalidInput([{"path": "code", "code": "CODE_WRONG", "message": "验证码不正确。"}])
    SecondFactor.objects.filter(user=user).delete()
    _tell("second_factor_off", user)


def clear_expired() -> int:
    """Forget sessions that ended and failures that no longer count; the number of rows removed."""
    ended, _ = Session.objects.filter(expire_date__lt=now()).delete()
    live = Session.objects.values("session_key")
    LogInSession.objects.exclude(session_key__in=live).delete()
    old, _ = LogInFailure.objects.filter(at__lt=now() - timedelta(days=1)).delete()
    return ended + old
