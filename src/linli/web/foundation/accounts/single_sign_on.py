"""What a provider of single sign-on says is believed only as far as OpenID Connect asks it to be proved.

allauth reads the identity token without its signature, as it came straight from the provider, and takes
the provider's word for who the provider is. Here the issuer is the one that was set up (ASVS 5.0, 10.5.3),
the signature is checked with an algorithm of our list (9.1.2), the token is ours, in its time and used
once (10.5.1, 10.5.4), and the answer of the second address is about the same person.
"""

from typing import Any, Final
from urllib.parse import urlsplit

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal.jwtkit import lookup_kid_jwk, verify_jti
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse
from requests import RequestException

__all__ = ["callback", "login"]

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY: Final = 30
"""Seconds by which the provider's clock may differ."""


class StrictAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """allauth's, with everything checked."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself; another issuer than the one that was set up is refused."""
        config: dict[str, Any] = super().openid_config
        wanted = self.get_provider().app.settings["server_url"]
        if _issuer(str(config.get("issuer", ""))) != _issuer(wanted):
            raise OAuth2Error("issuer differs from the one that was set up")
        return config

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> Any:
        """Refuse an answer without an identity token, or about two people."""
        given = kwargs["response"].get("id_token")
        if not given:
            raise OAuth2Error("no id_token")
        claims = self._decode_id_token(app, given)
        data = {"id_token": claims}
        if app.settings.get("fetch_userinfo", True):
            data["userinfo"] = self._fetch_user_info(token.token)
            if data["userinfo"].get("sub") != claims.get("sub"):
                raise OAuth2Error("id_token and userinfo name different people")
        return self.get_provider().sociallogin_from_response(request, data)

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(id_token)
            if header.get("alg") not in ALGORITHMS:
                raise OAuth2Error("signing algorithm is not allowed")
            with get_adapter().get_requests_session() as session:
                answer = session.get(self.openid_config["jwks_uri"])
                answer.raise_for_status()
                keys = answer.json()
            key = lookup_kid_jwk(keys, header.get("kid"))
            if key is None:
                raise OAuth2Error("unknown signing key")
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=key,
                algorithms=list(ALGORITHMS),
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                leeway=LEEWAY,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as reason:
            raise OAuth2Error("Invalid id_token") from reason
        verify_jti(claims)
        return claims


class _StrictLogin(OAuth2LoginView):  # type: ignore[misc]
    """Leads nobody to a provider that calls itself another."""

    def get_provider(self) -> Any:
        """The provider, asked by our adapter."""
        provider = super().get_provider()
        provider.oauth2_adapter_class = StrictAdapter
        return provider


def _issuer(address: str) -> str:
    """An issuer as it is compared: without the part that only finds its description."""
    parts = urlsplit(address)
    path = parts.path.removesuffix("/.well-known/openid-configuration").rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}"


def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider."""
    return _view(_StrictLogin, request, provider_id)


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from it."""
    return _view(OAuth2CallbackView, request, provider_id)


def _view(kind: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    adapter = StrictAdapter(request, provider_id)
    try:
        answer: HttpResponse = kind.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (OAuth2Error, RequestException) as reason:
        # Where the provider's description is away or is not believed, allauth has no answer of its own.
        answer = render_authentication_error(request, adapter.get_provider(), exception=reason)
    return answer
