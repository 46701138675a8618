"""Administration in a browser: health, models, keys, users, the record of changes, the tenant's settings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from armoire import Client, PermissionDenied, Role
from tests.browser.accessibility import violations
from tests.browser.keyboard import choose, press, submit, write
from tests.browser.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

PASSWORD = "correct horse battery"
ADMIN = "root@shop.example"


def test_every_part_is_tried(page: Page, site: Site) -> None:
    page.goto(site.page("admin"))
    page.locator(".table .state").nth(5).wait_for()
    page.get_by_text("The stores have not been compared yet.").wait_for()
    parts = [row.split("\t")[0] for row in page.locator(".table tbody tr").all_inner_texts()]
    assert parts == ["Server", "Models", "Database", "Vector index", "Pictures", "Jobs", "Last audit"]
    assert "needs attention" not in page.locator(".table").inner_text()
    assert violations(page) == []


def test_a_model_gets_an_alias_and_loses_it(page: Page, site: Site, api: Client) -> None:
    page.goto(site.page("admin?tab=models"))
    detector = next(model for model in api.models() if model.name == "demo-detector")
    press(page.get_by_role("button", name="Give an alias: demo-detector"))
    submit(page.get_by_label("Alias", exact=True), "candidate")
    remove = page.get_by_role("button", name="Delete: candidate")
    remove.wait_for()
    assert any("candidate" in model.aliases for model in api.models())
    assert violations(page) == []
    press(remove)
    press(page.get_by_role("dialog").get_by_role("button", name="Delete"))
    remove.wait_for(state="detached")
    page.get_by_text("Alias removed").wait_for()
    assert detector.version in page.locator(".history li").first.inner_text()
    assert all("candidate" not in model.aliases for model in api.models())


def test_changes_are_told_with_what_was_before(page: Page, site: Site, api: Client) -> None:
    product = next(api.iter_products())
    api.update_product(product, fields=["brand"])
    page.goto(site.page("admin?tab=audit"))
    submit(page.get_by_label("Call"), "IndexImage")
    page.wait_for_url("**action=IndexImage*")
    page.locator('[aria-busy="false"] .table').wait_for()
    assert {row.split("\t")[2] for row in page.locator(".table tbody tr").all_inner_texts()} == {"IndexImage"}
    press(page.locator(".table summary").first)
    assert "size_bytes" in page.locator(".table details").first.inner_text()
    assert violations(page) == []


def test_what_counts_in_the_ranking_is_set(page: Page, site: Site, api: Client) -> None:
    page.goto(site.page("admin?tab=tenant"))
    submit(page.get_by_label("Near colour"), "0.25")
    page.get_by_text("Saved.").wait_for()
    weights = api.get_tenant_settings().rank_weights
    assert weights is not None
    assert weights.color == 0.25
    assert violations(page) == []
    submit(page.get_by_label("Near colour"), "")
    page.wait_for_function("() => document.querySelector('input[name=color]').value === ''")


@pytest.fixture
def admin(page: Page, closed: Site, complaints: list[str]) -> Page:
    """Signed in as an administrator."""
    with Client(closed.address, token=(closed.home / "first-admin-key").read_text().strip()) as client:
        if ADMIN not in {user.email for user in client.iter_users()}:
            client.accept_invitation(client.invite_user(ADMIN, Role.ADMINISTRATOR).token, PASSWORD)
    page.goto(closed.page())
    write(page.get_by_label("E-mail address"), ADMIN)
    submit(page.get_by_label("Password"), PASSWORD)
    page.get_by_role("button", name="Sign out").wait_for()
    complaints.clear()  # of the page before it was signed in
    return page


def test_a_key_is_made_shown_once_and_revoked(admin: Page, closed: Site) -> None:
    admin.goto(closed.page("admin?tab=keys"))
    press(admin.get_by_role("button", name="New key"))
    assert violations(admin) == []
    write(admin.get_by_role("textbox", name="Name"), "night import")
    press(admin.get_by_role("checkbox", name=re.compile("^Write")), "Space")
    press(admin.get_by_role("textbox", name="Name"))
    secret = admin.locator(".secret").inner_text()
    assert violations(admin) == []
    admin.keyboard.press("Escape")
    with Client(closed.address, token=secret) as client:
        assert list(client.iter_products()) == []
    row = admin.locator(".table tbody tr", has_text="night import")
    assert "Read, Write" in row.inner_text()
    press(admin.get_by_role("button", name="Revoke: night import"))
    press(admin.get_by_role("dialog").get_by_role("button", name="Revoke"))
    row.locator(".state", has_text="revoked").wait_for()
    with Client(closed.address, token=secret) as client, pytest.raises(PermissionDenied):
        client.list_products()
    assert violations(admin) == []


def test_a_dialog_is_open_as_soon_as_it_is_there(admin: Page, closed: Site) -> None:
    """So that Escape, pressed at once, closes it: nothing that is not open hears the key."""
    admin.goto(closed.page("admin?tab=users"))
    admin.get_by_role("button", name="Invite").wait_for()
    was_open = admin.evaluate("""() => new Promise((resolve) => {
        const seen = new MutationObserver(() => {
            const dialog = document.querySelector("dialog");
            if (dialog) resolve(dialog.open);
        });
        seen.observe(document.body, { childList: true, subtree: true });
        [...document.querySelectorAll("button")].find((button) => button.textContent === "Invite").click();
    })""")
    assert was_open
    admin.keyboard.press("Escape")
    admin.get_by_role("dialog").wait_for(state="detached")


def test_a_user_is_invited_by_a_link_and_gets_another_role(
    admin: Page, closed: Site, complaints: list[str]
) -> None:
    admin.goto(closed.page("admin?tab=users"))
    press(admin.get_by_role("button", name="Invite"))
    write(admin.get_by_label("E-mail address"), "eve@shop.example")
    choose(admin.get_by_label("Role").last, "ROLE_EDITOR")
    assert violations(admin) == []
    press(admin.get_by_label("E-mail address"))
    link = admin.locator(".secret").inner_text()
    admin.keyboard.press("Escape")
    role = admin.get_by_role("combobox", name="Role: eve@shop.example")
    assert role.input_value() == "ROLE_EDITOR"
    choose(role, "ROLE_VIEWER")
    assert violations(admin) == []

    press(admin.get_by_role("button", name="Sign out"))
    admin.get_by_role("heading", name="Sign in").wait_for()
    admin.goto(link)
    submit(admin.get_by_label("New password"), PASSWORD)
    admin.get_by_text("The password is set").wait_for()
    write(admin.get_by_label("E-mail address"), "eve@shop.example")
    submit(admin.get_by_label("Password"), PASSWORD)
    admin.get_by_role("button", name="Sign out").wait_for()
    assert admin.get_by_role("link", name="Admin", exact=True).count() == 0
    admin.goto(closed.page("admin"))
    admin.get_by_text("Administering needs the role of an administrator.").wait_for()
    assert all("401" in complaint for complaint in complaints)
    complaints.clear()


def test_a_password_is_changed_and_reset_by_a_link(admin: Page, closed: Site, complaints: list[str]) -> None:
    with Client(closed.address, token=(closed.home / "first-admin-key").read_text().strip()) as client:
        invited = client.invite_user("kim@shop.example", Role.VIEWER)
        client.accept_invitation(invited.token, PASSWORD)
    admin.goto(closed.page("admin?tab=users"))
    admin.get_by_role("button", name="New password: kim@shop.example").press("Enter")
    link = admin.locator(".secret").inner_text()
    admin.keyboard.press("Escape")
    press(admin.get_by_role("button", name="Sign out"))
    admin.get_by_role("heading", name="Sign in").wait_for()
    admin.goto(link)
    admin.get_by_role("heading", name="Set a new password").wait_for()
    assert violations(admin) == []
    submit(admin.get_by_label("New password"), "another horse battery")
    admin.get_by_text("The password is set").wait_for()
    write(admin.get_by_label("E-mail address"), "kim@shop.example")
    submit(admin.get_by_label("Password"), "another horse battery")
    press(admin.get_by_role("link", name="Account"))
    admin.get_by_text("Viewer").wait_for()
    assert violations(admin) == []
    write(admin.get_by_label("Current password"), "another horse battery")
    submit(admin.get_by_label("New password"), "a third horse battery")
    admin.get_by_text("The password is changed").wait_for()
    assert all("401" in complaint for complaint in complaints)
    complaints.clear()
