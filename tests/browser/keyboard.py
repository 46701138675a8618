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
STEPS = """(select, option) => {
    const at = [...select.options].findIndex(({ value, text }) => option === value || option === text);
    return at - select.selectedIndex;
}"""
"""How many options lie between that which is chosen and another one."""
BEGIN = """() => {
    const kinds = "a[href], button, input, select, textarea, summary, [tabindex]";
    const seen = (each) => each.checkVisibility({ visibilityProperty: true });
    const isStop = (each) => each.tabIndex >= 0 && !each.disabled && seen(each);
    window.tabStops = () => [...document.querySelectorAll(kinds)].filter(isStop);
    const stops = window.tabStops();
    let before = stops[0];
    before.focus();
    window.tabProblems = [];
    document.addEventListener("focusin", ({ target }) => {
        const { outlineStyle, opacity } = getComputedStyle(target.closest(".file") ?? target);
        const now = window.tabStops();
        const named = target.outerHTML.slice(0, 200);
        if (now[now.indexOf(before) + 1] !== target) window.tabProblems.push(`out of order: ${named}`);
        if (outlineStyle === "none" || opacity === "0") window.tabProblems.push(`not seen: ${named}`);
        before = target;
    });
    const within = 3 * stops.filter(({ type }) => type === "date").length; // day, month and year
    return stops.length - 1 + within;
}"""
"""Begins at the first stop, and remembers what is wrong from now on. Returns how often Tab leads to the last.

What is a stop is asked anew each time, because buttons are enabled by where the focus is.
"""
AT_LAST = "document.activeElement === window.tabStops().at(-1)"
MAY_COME = 10
"""How many stops may be enabled on the way, such as by what the page has asked for."""
END = """() => {
    const reached = document.activeElement === window.tabStops().at(-1);
    return reached ? window.tabProblems : [...window.tabProblems, "the last stop was not reached"];
}"""


def press(element: Locator, key: str = "Enter") -> None:
    """Press a key on an element."""
    element.wait_for()
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


def choose(select: Locator, option: str) -> None:
    """Open the list of options, go to one by its value or its text, and take it."""
    select.wait_for()
    assert select.evaluate(IS_STOP), f"Tab does not lead to {select}"
    steps = select.evaluate(STEPS, option)
    select.press("Alt+ArrowDown")
    for _ in range(abs(steps)):
        select.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
    select.page.keyboard.press("Enter")


def choose_files(field: Locator, files: Path | dict[str, Any] | Sequence[Path]) -> None:
    """Open the dialog of files of a field, and choose some there."""
    with field.page.expect_file_chooser() as opened:
        press(field, "Enter")
    opened.value.set_files(files)  # the dialog is the system's


def walk(page: Page) -> list[str]:
    """What is wrong with the way of Tab through the page: stops out of order, left out, or not seen."""
    for _ in range(page.evaluate(BEGIN) + MAY_COME):
        page.keyboard.press("Tab")
        if page.evaluate(AT_LAST):
            break
    problems: list[str] = page.evaluate(END)
    return problems
