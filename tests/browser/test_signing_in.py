# SPDX-License-Identifier: Apache-2.0
"""A newcomer's first day in a real browser: own password, second factor, passkey, no barrier.

The security key is Chromium's virtual one, driven over its debugging protocol; everything else is
what an officer's browser does. WebAuthn knows `localhost`, not addresses in numbers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.running_node import RunningNode
from tests.browser.test_every_page import RULES

OWN_PASSWORD = "harbour lantern granite"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def desk(node: RunningNode, browser: Browser) -> Iterator[Callable[[], Page]]:
    """A fresh browser at the node's name, and pages that report what went wrong in them."""
    contexts = []

    def open_page() -> Page:
        address = node.url.replace("127.0.0.1", "localhost")
        context = browser.new_context(base_url=address, locale="en-GB")
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda m: m.type == "error" and page.errors.append(m.text))
        return page

    yield open_page
    for context in contexts:
        context.close()


def with_security_key(page: Page) -> tuple[CDPSession, str]:
    """Plug a virtual security key into the page's browser."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session, made["authenticatorId"]


def without_barriers(page: Page) -> None:
    """No page on the way has a barrier or an error."""
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert page.errors == []


def give_password(page: Page, name: str, password: str) -> None:
    page.goto("/account/sign-in/")
    page.get_by_label("Sign-in name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def choose_own_password(page: Page, old: str) -> None:
    expect(page.locator("h1")).to_have_text("Change your password")
    without_barriers(page)
    page.get_by_label("Current password").fill(old)
    page.get_by_label("New password", exact=True).fill(OWN_PASSWORD)
    page.get_by_label("New password once more").fill(OWN_PASSWORD)
    page.get_by_role("button", name="Change the password").click()


def add_passkey(page: Page, *, alone: bool) -> None:
    page.goto("/account/second-factor/webauthn/add/")
    without_barriers(page)
    if alone:
        page.locator("label", has_text="Sign in with this passkey alone").click()
    page.get_by_role("button", name="Add the passkey").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Sign in")


def test_a_newcomer_enrols_a_passkey_and_signs_in_with_it_alone(
    node: RunningNode, desk: Callable[[], Page]
):
    newcomer = node.made["newcomers"][0]
    page = desk()
    session, key = with_security_key(page)

    give_password(page, newcomer["sign_in_name"], newcomer["password"])
    choose_own_password(page, newcomer["password"])
    page.goto("/account/")
    expect(page.locator("h1")).to_have_text("Your second factor")
    without_barriers(page)
    add_passkey(page, alone=True)
    expect(page.locator("h1")).to_have_text("Recovery codes")
    without_barriers(page)
    assert page.locator(".recovery-codes li").count() == 10
    assert (
        len(session.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]) == 1
    )

    sign_out(page)
    without_barriers(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.goto("/account/")
    expect(page.locator("h1")).to_have_text("My account")
    assert page.errors == []

    for path in ("/account/second-factor/", "/account/second-factor/webauthn/"):
        page.goto(path)
        without_barriers(page)
    for act in ("Rename", "Remove"):
        page.goto("/account/second-factor/webauthn/")
        page.get_by_role("link", name=act).click()
        without_barriers(page)


def test_a_code_of_an_authenticator_or_a_key_follows_the_password(
    node: RunningNode, desk: Callable[[], Page]
):
    newcomer = node.made["newcomers"][1]
    page = desk()
    give_password(page, newcomer["sign_in_name"], newcomer["password"])
    choose_own_password(page, newcomer["password"])
    page.goto("/account/second-factor/totp/activate/")
    without_barriers(page)
    secret = page.locator("#totp-key").inner_text()
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("h1")).to_have_text("Recovery codes")
    codes = page.locator(".recovery-codes li").all_inner_texts()
    sign_out(page)

    # The same code again is refused; a recovery code is accepted.
    give_password(page, newcomer["sign_in_name"], OWN_PASSWORD)
    expect(page.locator("h1")).to_have_text("Your second factor")
    without_barriers(page)
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".usa-error-message").first).to_be_visible()
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()

    # A security key that does not sign in alone stands in for the code.
    with_security_key(page)
    page.goto("/account/second-factor/webauthn/add/")
    expect(page.locator("h1")).to_have_text("Your password once more")
    without_barriers(page)
    page.get_by_label("Password").fill(OWN_PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("h1")).to_have_text("Add a passkey")
    add_passkey(page, alone=False)
    expect(page.locator("h1")).to_have_text("Your second factor")
    sign_out(page)
    give_password(page, newcomer["sign_in_name"], OWN_PASSWORD)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()

    # Neither at hand: the recovery is asked for from the same place.
    sign_out(page)
    give_password(page, newcomer["sign_in_name"], OWN_PASSWORD)
    page.get_by_role("link", name="Ask two administrators").click()
    without_barriers(page)
    page.get_by_role("button", name="Ask for a recovery").click()
    expect(page.locator("main")).to_contain_text("RCV-")
    without_barriers(page)


def code(secret: str) -> str:
    """What an authenticator shows now, computed apart from the library that checks it."""
    import base64
    import hashlib
    import hmac

    counter = (int(time.time()) // 30).to_bytes(8, "big")
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
