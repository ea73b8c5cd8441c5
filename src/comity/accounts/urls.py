# SPDX-License-Identifier: Apache-2.0
"""Addresses of accounts: the own account under /account/, officers under /administration/."""

from __future__ import annotations

from allauth.account import views as sign_in
from allauth.mfa.urls import urlpatterns as second_factor
from django.urls import include, path

from comity.accounts.pages import officers, own, recoveries

# Names that the sign-in library looks up; everything else of the library stays unreachable.
LIBRARY = [
    path("sign-in/", sign_in.login, name="account_login"),
    path("sign-out/", sign_in.logout, name="account_logout"),
    path("password/", sign_in.password_change, name="account_change_password"),
    path("password/again/", sign_in.reauthenticate, name="account_reauthenticate"),
    path("suspended/", sign_in.account_inactive, name="account_inactive"),
    path("second-factor/", include(second_factor)),
]

OWN = [
    path("", own.overview, name="own"),
    path("language/", own.language, name="language"),
    path("sessions/", own.sessions, name="sessions"),
    path("sessions/others/end/", own.end_others, name="end-others"),
    path("sessions/<int:number>/end/", own.end_one, name="end-session"),
    path("second-factor/later/", own.postpone, name="postpone"),
    path("second-factor/lost/", recoveries.lost, name="lost"),
    path("tokens/", own.tokens, name="tokens"),
    path("tokens/<slug:reference>/revoke/", own.revoke, name="revoke"),
    path("drafts/<path:form_key>", own.draft_of_form, name="draft"),
]

ADMINISTRATION = [
    path("officers/", officers.listing, name="officers"),
    path("officers/register/", officers.register, name="register"),
    path("officers/<slug:reference>/", officers.show, name="officer"),
    path("officers/<slug:reference>/details/", officers.details, name="details"),
    path("officers/<slug:reference>/roles/", officers.roles, name="roles"),
    path("officers/<slug:reference>/suspend/", officers.suspend, name="suspend"),
    path("officers/<slug:reference>/reactivate/", officers.reactivate, name="reactivate"),
    path("officers/<slug:reference>/password/", officers.reset, name="reset-password"),
    path("officers/<slug:reference>/recovery/", recoveries.ask, name="request-recovery"),
    path("recoveries/", recoveries.listing, name="recoveries"),
    path("recoveries/<slug:recovery>/approve/", recoveries.approve, name="approve"),
    path("recoveries/<slug:recovery>/decline/", recoveries.decline, name="decline"),
]

OURS = [path("account/", include(OWN)), path("administration/", include(ADMINISTRATION))]

urlpatterns = [
    path("account/", include(LIBRARY)),
    path("", include((OURS, "accounts"))),
]
