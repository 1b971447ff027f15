"""What axe has to say against a page as it is now."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


def objections(page: Page) -> dict[str, list[str]]:
    """Each rule that is broken, with the elements that break it. What passes is not told: to put it together is most of the work."""
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
    return {each["id"]: [node["html"][:200] for node in each["nodes"]] for each in found["violations"]}
