# SPDX-License-Identifier: Apache-2.0
"""Forms of accounts. They check shape only; what may be done is decided in services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.account.forms import ReauthenticateForm as AskPasswordForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from comity import clock
from comity.accounts.api_token import LONGEST_LIFE
from comity.accounts.lockout import SignInLockedError
from comity.accounts.permissions import ROLE_NAMES, Role
from comity.accounts.services import sign_in
from comity.catalogues import LANGUAGES


def role_choices(roles: Iterable[Role] = Role) -> list[tuple[str, str]]:
    """Roles as choices, in the reader's language."""
    return [(role.value, gettext(ROLE_NAMES[role]).capitalize()) for role in roles]


def locked_words(error: SignInLockedError) -> ValidationError:
    """The lock as a form says it, in the reader's language."""
    text = gettext(error.message).format(**error.fields)
    return ValidationError(f"{text} {gettext(error.remedy)}", code=error.code)


def _address() -> str:
    """The address that the request in hand comes from, proxies taken into account."""
    return str(get_adapter(context.request).get_client_ip(context.request))


class SignInForm(LoginForm):
    """The library's form with the words of this house."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = gettext("Sign-in name")
        self.fields["password"].label = gettext("Password")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs.update(autocapitalize="none", spellcheck="false")


class HeardCode:
    """Codes are guessed at like passwords: counted, locked, and each accepted once."""

    user: Any
    cleaned_data: dict[str, Any]
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = gettext("Code")
        self.fields["code"].widget.attrs.pop("placeholder", None)
        self.fields["code"].widget.attrs.update(inputmode="numeric", autocomplete="one-time-code")

    def clean_code(self) -> str:
        """The code, when it is heard, right and not used before."""
        at = clock.now()
        address = _address()
        try:
            attempt = sign_in.hear_attempt(
                self.user.sign_in_name, address, at=at, step=sign_in.Step.CODE
            )
        except SignInLockedError as error:
            raise locked_words(error) from error
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # the form it is mixed into
            if not sign_in.spend_code(self.user.reference, code, at=at):
                raise ValidationError(gettext("This code has been used already."))
        except ValidationError:
            sign_in.attempt_failed(attempt, at=at)
            raise
        sign_in.attempt_succeeded(attempt)
        return code


class CodeForm(HeardCode, AuthenticateForm):
    """The code of an authenticator, or a recovery code, after the password."""


class CodeAgainForm(HeardCode, ReauthenticateForm):
    """The code once more before a change of factors."""


class EnrolAuthenticatorForm(HeardCode, ActivateTOTPForm):
    """The first code of a new authenticator, which proves that it was set up."""


class OwnPasswordForm(ChangePasswordForm):
    """A new password of one's own; the current one is guessed at under the lock-out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = gettext("Current password")
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].label = gettext("New password")
        self.fields["password1"].help_text = gettext(
            "At least 12 characters, and not one that many people use."
        )
        self.fields["password2"].label = gettext("New password once more")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean_oldpassword(self) -> str:
        at = clock.now()
        try:
            attempt = sign_in.hear_attempt(self.user.sign_in_name, _address(), at=at)
        except SignInLockedError as error:
            raise locked_words(error) from error
        try:
            password: str = super().clean_oldpassword()
        except ValidationError:
            sign_in.attempt_failed(attempt, at=at)
            raise
        sign_in.attempt_succeeded(attempt)
        return password


class OfficerForm(forms.Form):
    """Who an officer is."""

    display_name = forms.CharField(label=gettext_lazy("Name as colleagues read it"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class RolesForm(forms.Form):
    """Which roles an officer holds."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=role_choices,
        widget=forms.CheckboxSelectMultiple,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class RegisterOfficerForm(forms.Form):
    """A new officer."""

    sign_in_name = forms.CharField(
        label=gettext_lazy("Sign-in name"),
        max_length=64,
        help_text=gettext_lazy("Small letters, digits, dots, dashes: a.rivers, for example."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    display_name = forms.CharField(label=gettext_lazy("Name as colleagues read it"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=list(LANGUAGES.items()), initial="en"
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=role_choices,
        widget=forms.CheckboxSelectMultiple,
    )


class OfficerSearchForm(forms.Form):
    """What to look for among officers."""

    q = forms.CharField(label=gettext_lazy("Reference or name"), required=False, max_length=80)
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        required=False,
        choices=lambda: [("", gettext("Any role")), *role_choices()],
    )


class LanguageForm(forms.Form):
    """The language in which an officer reads."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=list(LANGUAGES.items()))


class TokenForm(forms.Form):
    """A new API token; the roles on offer are those that its owner holds."""

    name = forms.CharField(
        label=gettext_lazy("What the token is for"),
        max_length=80,
        help_text=gettext_lazy("For example: nightly export to the statistics unit."),
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles that the token carries"),
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days until it expires"),
        min_value=1,
        max_value=LONGEST_LIFE.days,
        initial=90,
    )

    def __init__(self, *args: Any, held: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = role_choices(held)  # type: ignore[attr-defined]


class PasswordAgainForm(AskPasswordForm):
    """The password once more before a change that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = gettext("Password")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey and the name that its owner gives it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = gettext("Name of the passkey")
        self.fields["passwordless"].label = gettext("Sign in with this passkey alone")
        self.fields["passwordless"].help_text = gettext(
            "The device then asks for a PIN or a fingerprint in place of the password."
        )


class RenamePasskeyForm(EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = gettext("Name of the passkey")
