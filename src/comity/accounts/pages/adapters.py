# SPDX-License-Identifier: Apache-2.0
"""What Comity tells the sign-in library: whom to hear, what to journal, nobody signs up.

The library keeps the sequence of steps and the cryptography of factors; the lock-out, the
journal and the officers are ours and reached through services only.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.utils import filter_users_by_username
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from comity import clock
from comity.accounts.forms import locked_words
from comity.accounts.lockout import SignInLockedError
from comity.accounts.queries import officer_of, second_factors_of
from comity.accounts.services import second_factor, sign_in
from comity.accounts.services.officers import change_own_password
from comity.accounts.services.sign_in import Attempt

# Any in this module: the library's own signatures, which are not typed.


class AccountAdapter(DefaultAccountAdapter):
    """Password sign-in: heard by our lock-out, journalled, closed to strangers."""

    _attempt: Attempt

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Officers are registered by administrators only."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse while locked, before the password is looked at."""
        name, address = credentials.get("username", ""), self.get_client_ip(request)
        try:
            self._attempt = sign_in.hear_attempt(name, address, at=clock.now())
        except SignInLockedError as error:
            raise locked_words(error) from error

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The officer whose password this is, or None after the failure was counted."""
        user = super().authenticate(request, **credentials)
        if user is not None:
            sign_in.attempt_succeeded(self._attempt)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the failure and journal the lock that it may cause."""
        sign_in.attempt_failed(self._attempt, at=clock.now())

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Journal the sign-in and speak the officer's language from here on."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        officer = officer_of(user)
        sign_in.record_sign_in(officer, _method(request), at=clock.now())
        if not second_factors_of(officer.reference):
            reauthenticate_by_password(request)  # enrolment follows: the password was just given
        if hasattr(response, "set_cookie"):
            remember_language(response, user.language)
        return response

    def set_password(self, user: Any, password: str) -> None:
        """Take the password that the officer chose."""
        change_own_password(user.reference, password, at=clock.now())
        user.refresh_from_db()
        reauthenticate_by_password(self.request)  # the old one was just given

    def send_notification_mail(self, template_prefix: str, user: Any, *_: Any, **__: Any) -> None:
        """Journal what the library would have mailed; the node sends no mail."""
        second_factor.record_change(template_prefix, officer_of(user), at=clock.now())

    def is_safe_url(self, url: str | None) -> bool:
        """Only addresses of this node are gone to after a sign-in."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts={self.request.get_host()})


class MfaAdapter(DefaultMFAAdapter):
    """Second factors: secrets are kept encrypted, and the last factor cannot be given up."""

    def encrypt(self, text: str) -> str:
        """The secret as the database keeps it."""
        return second_factor.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return second_factor.unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Whether another kind of factor remains, or the node is for training."""
        kinds = set(second_factors_of(authenticator.user.reference))
        return bool(kinds - {authenticator.type}) or settings.ENVIRONMENT.training

    def get_totp_issuer(self) -> str:
        """The name under which an authenticator lists the account."""
        return f"Comity {settings.ENVIRONMENT.administration}".strip()

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """What a passkey shows of its owner: the sign-in name, nothing more personal."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return {**entity, "display_name": user.sign_in_name, "name": user.sign_in_name}


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Single sign-on: for officers who are registered here already, matched by sign-in name."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody becomes an officer by signing in."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Connect the provider's account to the officer of the same sign-in name, once."""
        if not sociallogin.is_existing:
            said = sociallogin.account.extra_data
            said = said.get("userinfo") or said.get("id_token") or said
            name = said.get("preferred_username", "")
            for user in filter_users_by_username(str(name))[:1]:
                sociallogin.connect(request, user)


def remember_language(response: HttpResponse, language: str) -> None:
    """Keep the language for this session."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        secure=bool(settings.LANGUAGE_COOKIE_SECURE),
        httponly=False,
        samesite="Lax",
    )


def _method(request: HttpRequest) -> str:
    """How the officer proved who they are, as a code of the journal."""
    records = request.session.get("account_authentication_methods", [])
    kinds = {record.get("type") or record.get("method") for record in records}
    passwordless = any(record.get("passwordless") for record in records)
    if passwordless:
        return "passkey"
    second = next((kind for kind in ("webauthn", "totp", "recovery_codes") if kind in kinds), "")
    first = "single-sign-on" if "socialaccount" in kinds else "password"
    return f"{first}-{second.replace('_', '-')}" if second else first
