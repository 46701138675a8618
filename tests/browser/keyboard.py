"""A page as people use it who have keys alone.

Everything here refuses an element to which Tab does not lead.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

IS_STOP = """(element) => {
    element.focus();
    return document.activeElement === element && element.tabIndex >= 0;
}"""
"""Whether the element takes the focus and is one of the stops of Tab."""
STOPS = """() => {
    const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];
    window.tabStops = stops.filter((each) =>
        each.tabIndex >= 0 && !each.disabled && each.type !== "hidden" && each.checkVisibility({ visibilityProperty: true }));
    document.activeElement.blur();
    return window.tabStops.length;
}"""
"""Remembers the stops of the page in the order in which they are written, and lets none have the focus."""
FOCUS = """() => {
    const now = document.activeElement;
    const { outlineStyle, opacity } = getComputedStyle(now.closest(".file") ?? now);
    return [window.tabStops.indexOf(now), outlineStyle !== "none" && opacity !== "0", now.outerHTML.slice(0, 200)];
}"""
"""Which stop has the focus, whether that can be seen, and what it is."""


def press(element: Locator, key: str = "Enter") -> None:
    """Press a key on an element."""
    assert element.evaluate(IS_STOP), f"Tab does not lead to {element}"
    element.press(key)


def write(field: Locator, text: str) -> None:
    """Put a text in place of what a field has."""
    press(field, "ControlOrMeta+a")
    field.press("Delete")
    field.page.keyboard.type(text)


def submit(field: Locator, text: str) -> None:
    """Put a text in a field, and send its form."""
    write(field, text)
    field.press("Enter")


def choose(select: Locator, value: str) -> None:
    """Choose an option by its value, with the arrow keys."""
    assert select.evaluate(IS_STOP), f"Tab does not lead to {select}"
    now, values = select.evaluate("(select) => [select.selectedIndex, [...select.options].map((each) => each.value)]")
    steps = values.index(value) - now
    for _ in range(abs(steps)):
        select.press("ArrowDown" if steps > 0 else "ArrowUp")


def choose_files(field: Locator, files: Path | dict[str, Any] | Sequence[Path]) -> None:
    """Open the dialog of files of a field, and choose some there."""
    with field.page.expect_file_chooser() as opened:
        press(field, "Enter")
    opened.value.set_files(files)  # the dialog is the system's


def walk(page: Page) -> list[str]:
    """What is wrong with the way that Tab takes through the page: a stop out of order, or none that is seen."""
    problems = []
    for index in range(page.evaluate(STOPS)):
        page.keyboard.press("Tab")
        at, is_seen, element = page.evaluate(FOCUS)
        if at != index:
            problems.append(f"stop {index} is not what comes, but stop {at}: {element}")
        if not is_seen:
            problems.append(f"the focus cannot be seen: {element}")
    return problems
