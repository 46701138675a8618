"""What the server works on, in a browser: live, with reasons, tried again and removed."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING

from PIL import Image

from armoire import Client, IndexingJob, IndexingJobFilter, IndexingJobState, OperationState
from tests.browser.accessibility import violations
from tests.browser.keyboard import choose, press
from tests.browser.site import SAMPLES, Site
from tests.polling import until

if TYPE_CHECKING:
    from playwright.sync_api import Page


def spoilt_photo() -> bytes:
    """A PNG whose header is right and whose pixels cannot be read: its job fails."""
    encoded = io.BytesIO()
    with Image.open(SAMPLES / "court-polo.jpg") as picture:
        picture.save(encoded, "PNG")
    content = bytearray(encoded.getvalue())
    middle = len(content) // 2
    content[middle : middle + 200] = bytes(200)
    return bytes(content)


def test_a_job_shows_while_the_page_is_open_fails_and_is_removed(page: Page, site: Site, api: Client) -> None:
    page.goto(site.page("jobs"))
    rows = page.locator(".table tbody tr")
    rows.first.wait_for()
    assert rows.count() == len(list(api.iter_indexing_jobs()))
    assert violations(page) == []
    job = api.index(spoilt_photo(), image_name="spoilt.png")
    row = rows.filter(has_text="spoilt.png")
    row.filter(has_text="Failed").wait_for()  # without a reload
    assert "INVALID_INPUT" in row.inner_text()

    failed = api.get_indexing_job(job.id)
    press(page.get_by_role("button", name="Failed 1"))
    page.wait_for_url("**/app/jobs?state=FAILED")
    press(page.get_by_role("button", name="Try again: spoilt.png"))
    until(lambda: _failed_after(api.get_indexing_job(job.id), failed.update_time))
    row.filter(has_text="Failed").wait_for()
    assert violations(page) == []

    choose(page.get_by_role("combobox", name="Reason"), "INVALID_INPUT")
    page.wait_for_url("**reason=INVALID_INPUT")
    press(page.get_by_role("button", name="Remove all 1"))
    dialog = page.get_by_role("dialog", name="Remove 1 job for good?")
    dialog.wait_for()
    assert violations(page) == []
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    press(page.get_by_role("button", name="Remove all 1"))
    press(dialog.get_by_role("button", name="Remove all 1"))
    page.get_by_text("1 job removed.").wait_for()
    assert api.count_indexing_jobs(IndexingJobFilter(job_ids=[job.id])) == ()


def _failed_after(job: IndexingJob, before: datetime) -> bool:
    return job.state is IndexingJobState.FAILED and job.update_time > before


def test_operations_show_with_what_came_of_them(page: Page, site: Site, api: Client) -> None:
    page.goto(site.page("admin"))
    press(page.get_by_role("button", name="Compare the stores now"))
    page.get_by_text("It has begun").wait_for()
    page.goto(site.page("jobs?tab=operations"))
    panel = page.get_by_role("region", name="Audit of the stores").first
    panel.filter(has_text="Done").wait_for()
    operation = api.list_operations().items[0]
    assert operation.state is OperationState.SUCCEEDED
    assert f"Items: {len(list(api.iter_items()))}" in panel.inner_text()
    assert violations(page) == []
