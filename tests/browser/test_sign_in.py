"""Signing in: a server that wants to know who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from armoire import Client, Role
from tests.browser.accessibility import violations
from tests.browser.keyboard import press, submit, write
from tests.browser.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def token(closed: Site) -> str:
    """Of an invitation as a viewer."""
    key = (closed.home / "first-admin-key").read_text().strip()
    with Client(closed.address, token=key) as client:
        return client.invite_user("ann@shop.example", Role.VIEWER).token


def test_from_the_invitation_to_sign_out(page: Page, closed: Site, token: str, complaints: list[str]) -> None:
    page.goto(closed.page("catalogue"))
    page.get_by_role("heading", name="Sign in").wait_for()
    assert violations(page) == []
    write(page.get_by_label("E-mail address"), "ann@shop.example")
    submit(page.get_by_label("Password"), "a wrong password")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "the e-mail address or the password is wrong" in alert.inner_text()

    press(page.get_by_role("button", name="I have an invitation"))
    assert violations(page) == []
    write(page.get_by_label("Token of the invitation"), token)
    submit(page.get_by_label("New password"), PASSWORD)
    page.get_by_text("The password is set").wait_for()

    write(page.get_by_label("E-mail address"), "ann@shop.example")
    submit(page.get_by_label("Password"), PASSWORD)
    page.get_by_role("heading", name="Nothing here yet").wait_for()
    assert page.url == closed.page("catalogue")
    assert page.get_by_role("link", name="Add photos").count() == 0
    page.goto(closed.page())
    page.get_by_role("heading", name="The catalogue is empty").wait_for()
    assert violations(page) == []
    page.goto(closed.page("upload"))
    page.get_by_text("You may look at the catalogue, not add to it").wait_for()

    press(page.get_by_role("button", name="Sign out"))
    page.get_by_role("heading", name="Sign in").wait_for()
    page.reload()
    page.get_by_role("heading", name="Sign in").wait_for()
    assert all("401" in complaint for complaint in complaints)
    complaints.clear()
