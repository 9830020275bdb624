"""Log-in by the district's OpenID Connect issuer, with django-allauth; switched on by YIWANG_OPENID and its companions.

Nobody registers this way: a person is known by the issuer's stable subject, and at the first log-in by the
`preferred_username` that must be the user name of an account the administrator has opened.
"""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from requests import RequestException

from yiwang.engines.access.services import enter, log_out
from yiwang.engines.directory.api import User
from yiwang.kernel.errors import NotFound, Unavailable, UserError
from yiwang.ui.errors import refusal
from yiwang.ui.shell import shell_of

KEPT = ("sub", "preferred_username")
"""Claims that are stored; everything else the issuer tells is let go."""


class UnknownPerson(UserError):
    """The issuer vouches for somebody who has no account here."""

    code, status = "OPENID_UNKNOWN_PERSON", 403
    message = "统一身份认证已通过，但您在本平台还没有账号。"
    next_step = "请联系本单位管理员开通账号后再登录。"


class NotConfirmed(UserError):
    """The issuer's answer was missing, stale or not to be trusted."""

    code, status = "OPENID_FAILED", 401
    message, next_step = "统一身份认证没有成功。", "请返回登录页重试；多次不成功请联系管理员。"


class IssuerIsAway(Unavailable):
    message, next_step = "统一身份认证服务暂时连不上。", "请稍候重试，或用本平台的用户名和密码登录。"


class Issuer(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The issuer as allauth speaks to it, and stricter: signatures are always checked, subjects must agree."""

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        proof = kwargs["response"].get("id_token")
        if not proof:
            raise OAuth2Error("The issuer sent no ID token.")
        proven = self._decode_id_token(app, proof)
        told = self._fetch_user_info(token.token)
        if told.get("sub") != proven["sub"]:
            raise OAuth2Error("User info and ID token speak of different subjects.")
        kept = {name: value for name, value in (told | proven).items() if name in KEPT}
        return self.get_provider().sociallogin_from_response(request, {"id_token": kept})

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return claims


class People(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Who a subject of the issuer is here."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if not sociallogin.is_existing:
            sociallogin.connect(request, self._known(request, sociallogin.account))
        if not sociallogin.user.is_active:
            _refuse(request, UnknownPerson())

    def _known(self, request: HttpRequest, account: Any) -> User:
        """The account of this user name, unless another subject of the issuer owns it already."""
        username = str(account.extra_data["id_token"].get("preferred_username") or "")
        user = None if "\0" in username else User.objects.filter(username=username, is_active=True).first()
        if user is None or SocialAccount.objects.filter(user=user, provider=account.provider).exists():
            _refuse(request, UnknownPerson())
        return user

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> NoReturn:
        _refuse(request, NotConfirmed())


class Entrance(DefaultAccountAdapter):  # type: ignore[misc]
    """What allauth asks of the site once it knows who it is."""

    def login(self, request: HttpRequest, user: User) -> None:
        enter(request, user)

    def logout(self, request: HttpRequest) -> None:
        log_out(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return shell_of(request).staff_home_url


def _refuse(request: HttpRequest, error: UserError) -> NoReturn:
    raise ImmediateHttpResponse(refusal(request, error))


def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the issuer."""
    return _through(OAuth2LoginView, request, provider_id)


def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The browser comes back with the issuer's answer."""
    return _through(OAuth2CallbackView, request, provider_id)


def _through(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        response: HttpResponse = view.adapter_view(Issuer(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        return refusal(request, NotFound())
    except RequestException:
        return refusal(request, IssuerIsAway())
    return response
