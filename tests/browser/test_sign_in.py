"""Signing in in a real browser: with a passkey, at every width, and beside a desk whose session has run out."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.axe import objections
from tests.browser.site import Site


def here(site: Site) -> str:
    """A passkey belongs to a name, and an address is none."""
    return f"http://localhost:{urlsplit(site.url).port}"


def with_password(page: Page, site: Site, next_page: str = "/admin/account/2fa/") -> None:
    page.goto(f"{here(site)}/admin/account/login/?next={next_page}")
    page.get_by_label("Username").fill("contributor")
    page.get_by_label("Password").fill(site.password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def seen(page: Page, name: str) -> None:
    """No fault of access, nothing wider than the screen; a picture where the environment says where to."""
    assert objections(page) == {}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_a_passkey_signs_in_by_itself(page: Page, live_site: Site) -> None:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": key | {"automaticPresenceSimulation": True}})
    page.set_viewport_size({"width": 360, "height": 760})

    page.goto(f"{here(live_site)}/admin/account/login/")
    seen(page, "login")
    with_password(page, live_site, "/admin/account/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        seen(page, "again")
        page.get_by_label("Password").fill(live_site.password)
        page.get_by_role("button", name="Confirm").click()
    seen(page, "add-key")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/recovery-codes/**")
    seen(page, "recovery-codes")
    for path in ("", "totp/activate/", "webauthn/"):
        page.goto(f"{here(live_site)}/admin/account/2fa/{path}")
        seen(page, f"2fa-{path.replace('/', '-')}")
    page.emulate_media(color_scheme="dark")
    page.goto(f"{here(live_site)}/admin/account/sessions/")
    seen(page, "sessions-dark")
    page.context.clear_cookies()

    page.goto(f"{here(live_site)}/admin/account/login/")
    seen(page, "login-dark")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Newsroom", level=1)).to_be_visible()


def test_a_desk_whose_session_ran_out_is_signed_in_beside_itself(page: Page, live_site: Site) -> None:
    page.goto(f"{here(live_site)}/admin/account/login/")
    page.evaluate("() => { window.told = []; addEventListener('message', (e) => window.told.push([e.origin, e.data.liveblog])) }")
    with page.expect_popup() as opened:
        page.evaluate("() => { window.open('/admin/account/login/?next=/admin/account/signed-in/') }")
    beside = opened.value
    beside.get_by_label("Username").fill("editor")
    beside.get_by_label("Password").fill(live_site.password)
    with beside.expect_event("close"):
        beside.get_by_role("button", name="Sign in", exact=True).click()
    assert page.evaluate("window.told") == [[here(live_site), "signed-in"]]
    assert page.evaluate("fetch('/desk/session/').then((answer) => answer.json())")["user"] == "editor"
