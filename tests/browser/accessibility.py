"""axe-core on a page, in both themes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tests.node import PACKAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (rules) => {
    scrollTo(0, 0); // so that nothing is half below the header
    const found = await axe.run(document, { runOnly: rules });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}"""


def violations(page: Page) -> list[str]:
    """The rules of WCAG 2.2 AA that are broken, of those that a program can check, in both themes."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    page.emulate_media(color_scheme="light")
    light: list[str] = page.evaluate(RUN, WCAG)
    page.emulate_media(color_scheme="dark")
    dark: list[str] = page.evaluate(RUN, ["color-contrast"])  # all that the theme has a part in
    return light + dark


@cache
def _axe() -> str:
    return (PACKAGES / "axe-core" / "axe.min.js").read_text()
