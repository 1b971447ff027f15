"""What browser tests of the desk share: signing in, and pictures to send."""

from __future__ import annotations

import io
import json
from typing import Any

from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.site import Site


def sign_in(page: Page, site: Site, name: str = "editor") -> None:
    """As somebody who has come through the door before: with the cookie alone, and no page opened."""
    cookies = site.desk("session", name=name)["cookies"]
    page.context.add_cookies([{"name": cookie, "value": value, "url": site.url} for cookie, value in cookies.items()])


def sign_in_at_the_door(page: Page, site: Site, name: str = "editor") -> None:
    page.goto(f"{site.url}/admin/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(site.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Newsroom", level=1)).to_be_visible()


def open_form(page: Page, site: Site, blog: str) -> None:
    """The form of a new entry, its block editor ready."""
    page.goto(f"{site.url}/admin/newsroom/entry/add/?blog={blog}")
    form_ready(page)


def form_ready(page: Page) -> None:
    """Until the form of an entry hears its keys and keeps what is typed, and its block editor is there."""
    expect(page.locator("block-editor.is-ready")).to_be_visible()
    expect(page.locator("entry-form.is-ready, desk-composer.is-ready")).to_be_visible()


def desk_ready(page: Page) -> None:
    """Until the composer of the desk is ready and its socket open."""
    form_ready(page)
    expect(page.locator("desk-bar [data-part=wire][data-state=live]")).to_be_visible()


def body_of(page: Page) -> list[dict[str, Any]]:
    """The blocks as the form would send them now."""
    body: list[dict[str, Any]] = json.loads(page.locator("textarea[name=blocks]").evaluate("field => field.value"))
    return body


def add(page: Page, name: str) -> None:
    """Presses a button of the row that adds blocks."""
    page.locator("[data-part=adder]").get_by_role("button", name=name, exact=True).click()


def photograph(name: str) -> FilePayload:
    file = io.BytesIO()
    Image.new("RGB", (600, 400), (30, 60, 90)).save(file, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": file.getvalue()}


def send_pictures(page: Page, files: list[FilePayload]) -> None:
    page.locator("[data-part=adder] input[type=file]").set_input_files(files)


def open_desk(page: Page, site: Site, blog: str) -> None:
    """The desk of a blog, its composer ready, its socket open, the cursor in the headline."""
    number = site.desk("number", blog=blog)["pk"]
    page.goto(f"{site.url}/admin/newsroom/liveblog/{number}/desk/")
    desk_ready(page)
    page.locator("#id_headline").focus()


def write(page: Page, headline: str) -> None:
    page.locator("#id_headline").fill(headline)
