"""Searching in a browser: each way to ask, each way to narrow, and what the page shows of the answer."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from armoire import Box, Client, Example, ExampleSet, Photo
from demo.server import ROOT
from tests.browser.accessibility import violations
from tests.browser.keyboard import choose, choose_files, press, submit, write
from tests.browser.search_page import TOP_K, SearchPage, ids
from tests.browser.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

DROP = """(bytes) => {
    const data = new DataTransfer();
    const content = Uint8Array.from(atob(bytes), (each) => each.charCodeAt(0));
    data.items.add(new File([content], "look.jpg", { type: "image/jpeg" }));
    const options = { bubbles: true, cancelable: true };
    document.body.dispatchEvent(new DragEvent("drop", { ...options, dataTransfer: data }));
}"""
COPY = """async (bytes) => {
    const content = Uint8Array.from(atob(bytes), (each) => each.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([content], { type: "image/jpeg" }));
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    canvas.getContext("2d").drawImage(picture, 0, 0);
    const png = await canvas.convertToBlob({ type: "image/png" });
    await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
}"""
"""Puts a photo into the clipboard, as a PNG, which is all that it takes."""


@pytest.fixture
def search(page: Page, site: Site) -> SearchPage:
    page.goto(site.page())
    page.locator(".start .picture img").first.wait_for()
    return SearchPage(page)


def test_the_first_page_offers_what_is_there_and_loads_nothing_from_elsewhere(
    page: Page, site: Site, api: Client
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.url)
    page.locator(".start .picture img").first.wait_for()
    assert page.url == site.page()
    assert page.title() == "Search · Armoire"
    assert page.locator(".start .card").count() == 12
    assert all(url.startswith((site.url, "data:", "blob:")) for url in asked)
    assert violations(page) == []


def test_words(search: SearchPage, api: Client) -> None:
    search.say("red dress")
    found = api.search(text="red dress", top_k=TOP_K, group_by_product=True)
    assert search.hits() == ids(found)
    assert search.page.get_by_role("heading", level=2).first.inner_text() == (
        "The first 24 hits for “red dress”"
    )
    first = search.cards.first
    assert found.queries[0].hits[0].product is not None
    assert first.locator(".card-name").inner_text() == found.queries[0].hits[0].product.display_name
    said = first.locator(".bar").get_attribute("aria-label") or ""
    hit = found.queries[0].hits[0]
    expected = [*(term.value for term in hit.terms), hit.rank_score]
    assert [float(number) for number in re.findall(r"[\d.]+", said)] == pytest.approx(expected, abs=0.006)
    assert violations(search.page) == []
    search.page.go_back()
    search.page.get_by_role("heading", name="Find a garment").wait_for()


def test_a_photo_and_each_of_its_garments(search: SearchPage, api: Client, photo: Path) -> None:
    search.choose(photo)
    found = api.search(photo, top_k=TOP_K, group_by_product=True)
    labels = [query.label for query in found.queries]
    assert search.garments.count() == len(labels) == 5
    assert search.page.locator(".chips .chip").all_inner_texts() == labels
    areas = [(box.x2 - box.x1) * (box.y2 - box.y1) for box in (query.box for query in found.queries)]
    assert search.hits() == ids(found, areas.index(max(areas)))
    assert violations(search.page) == []
    for index, label in enumerate(labels):
        press(search.garments.nth(index))
        search.page.locator(f'.garment:nth-of-type({index + 1})[aria-pressed="true"]').wait_for()
        assert search.hits() == ids(found, index)
        assert f"the {label} of the photo" in search.page.locator(".results h2").inner_text()
    shown = search.hits()
    search.page.reload()
    search.cards.first.wait_for()
    assert search.hits() == shown


def test_a_photo_that_is_dropped(search: SearchPage, photo: Path) -> None:
    search.page.evaluate(DROP, base64.b64encode(photo.read_bytes()).decode())
    search.cards.first.wait_for()
    assert search.garments.count() == 5


def test_a_photo_that_is_pasted(search: SearchPage, context: BrowserContext, photo: Path) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    search.page.evaluate(COPY, base64.b64encode(photo.read_bytes()).decode())
    search.page.keyboard.press("ControlOrMeta+v")
    search.cards.first.wait_for()
    assert search.garments.count() == 5


def test_a_file_that_is_no_photo_is_refused(search: SearchPage, tmp_path: Path) -> None:
    (tmp_path / "notes.jpg").write_text("no photo")
    choose_files(search.page.locator('.query .file input[type="file"]').first, tmp_path / "notes.jpg")
    alert = search.page.get_by_role("alert")
    alert.wait_for()
    assert "notes.jpg is no photo that this browser can read" in alert.inner_text()
    assert violations(search.page) == []


def boxed(search: SearchPage, api: Client, photo: Path) -> list[str]:
    """The hits of the crop in the address, as the API has them."""
    (text,) = search.parameters["box"]
    box = Box(*(float(part) for part in text.split(",")))
    return ids(api.search(Photo(photo, (box,)), top_k=TOP_K, group_by_product=True))


def test_a_crop_by_keys(search: SearchPage, api: Client, photo: Path) -> None:
    search.choose(photo)
    press(search.page.get_by_role("button", name="Draw a crop"))
    corner = search.page.get_by_role("button", name="Bottom right corner of the crop")
    for key in ("ArrowUp", "ArrowUp", "Shift+ArrowLeft"):
        corner.press(key)
    search.page.get_by_role("button", name="Move the crop", exact=True).press("ArrowDown")
    assert violations(search.page) == []
    press(corner)
    search.page.wait_for_url("**box=*")
    assert search.hits() == boxed(search, api, photo)
    press(search.page.get_by_role("button", name="Remove the crop"))
    search.page.wait_for_url(lambda url: "box=" not in url)
    assert search.garments.count() == 5


def test_a_crop_by_mouse(search: SearchPage, api: Client, photo: Path) -> None:
    search.choose(photo)
    search.page.get_by_role("button", name="Draw a crop").click()
    ground = search.page.locator(".crop-ground").bounding_box()
    assert ground is not None
    left, top, width, height = ground["x"], ground["y"], ground["width"], ground["height"]
    mouse = search.page.mouse
    mouse.move(left + 0.04 * width, top + 0.04 * height)
    mouse.down()
    mouse.move(left + 0.5 * width, top + 0.3 * height)
    mouse.up()
    search.page.wait_for_url("**box=*")
    assert search.hits() == boxed(search, api, photo)
    (text,) = search.parameters["box"]
    image = search.page.locator(".stage img")
    wide, high = int(image.get_attribute("width") or 0), int(image.get_attribute("height") or 0)
    expected = [0.04 * wide, 0.04 * high, 0.5 * wide, 0.3 * high]
    assert [float(part) for part in text.split(",")] == pytest.approx(expected, abs=2)


def test_a_crop_by_touch(browser: Browser, site: Site, api: Client, photo: Path) -> None:
    context = browser.new_context(has_touch=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(site.page())
    search = SearchPage(page)
    search.choose(photo)
    page.get_by_role("button", name="Draw a crop").tap()
    corner = page.get_by_role("button", name="Bottom right corner of the crop").bounding_box()
    assert corner is not None
    x, y = corner["x"] + corner["width"] / 2, corner["y"] + corner["height"] / 2
    fingers = context.new_cdp_session(page)
    for kind, at in (("touchStart", 0), ("touchMove", 15), ("touchMove", 30)):
        points = [{"x": x - at, "y": y - at}]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_url("**box=*")
    assert search.hits() == boxed(search, api, photo)
    context.close()


def test_like_these_and_unlike_that(search: SearchPage, api: Client) -> None:
    search.say("for a warm day")
    first = search.hits()[0]
    search.press("More like this", 0)
    search.page.wait_for_url("**more=*")
    liked = ExampleSet((Example(item_id=first), Example(text="for a warm day")))
    assert search.hits() == ids(api.search(examples=liked, top_k=TOP_K, group_by_product=True))
    assert search.parameters["more"] == [first]
    unliked = search.hits()[0]
    search.press("Less like this", 0)
    search.page.wait_for_url("**less=*")
    both = ExampleSet(liked.positive, (Example(item_id=unliked),))
    assert search.hits() == ids(api.search(examples=both, top_k=TOP_K, group_by_product=True))
    assert violations(search.page) == []
    press(search.page.get_by_role("button", name="Remove: Less like this"))
    search.page.wait_for_url(lambda url: "less=" not in url)


def test_this_but(search: SearchPage, api: Client) -> None:
    search.say("red dress")
    this = search.hits()[0]
    search.press("This, but …", 0)
    search.page.wait_for_url(f"**item={this}*")
    search.page.wait_for_function("() => document.activeElement.type === 'search'")
    search.say("in blue")
    wanted = ExampleSet((Example(item_id=this), Example(text="in blue")))
    assert search.hits() == ids(api.search(examples=wanted, top_k=TOP_K, group_by_product=True))
    assert search.page.locator(".results .note").inner_text().startswith("Understood as: ")
    assert "Main colour: blue" in search.page.locator(".results .note").inner_text()


def test_filters_and_their_counts(search: SearchPage, api: Client) -> None:
    search.say("something to wear")
    search.settle()
    fields = ("category", "color", "pattern", "style", "brand")
    found = api.search(text="something to wear", top_k=TOP_K, group_by_product=True, facets=fields)
    counts = {facet.field: {each.value: each.count for each in facet.values} for facet in found.facets}
    shown = search.page.locator(".facet").nth(0).locator(".check")
    pairs = [text.split("\n") for text in shown.all_inner_texts()]
    assert {value: int(count) for value, count in pairs}.items() <= counts["category"].items()
    press(search.page.get_by_role("button", name="4 more values"))
    for value in ("dress", "skirt"):
        press(search.page.get_by_role("checkbox", name=re.compile(f"^{value}, ")), "Space")
        search.page.wait_for_url(f"**is.category={value}*")
        search.settle()
    write(search.page.get_by_label("from", exact=True), "40")
    submit(search.page.get_by_label("to", exact=True), "80,00")
    search.page.wait_for_url("**to=80*")
    where = "category=dress|skirt,price>=40,price<=80"
    wanted = api.search(text="something to wear", where=where, top_k=TOP_K, group_by_product=True)
    assert search.hits() == ids(wanted)
    assert 0 < len(search.hits()) < TOP_K
    assert search.page.get_by_role("checkbox", name=re.compile("^shirt, ")).count() == 1
    assert violations(search.page) == []
    press(search.page.get_by_role("button", name="Clear all filters"))
    search.page.wait_for_url(lambda url: "is." not in url)
    assert len(search.hits()) == TOP_K


def test_nothing_fits(search: SearchPage) -> None:
    search.say("red dress")
    slider = search.page.get_by_role("slider", name="Minimum similarity")
    slider.press("End")
    search.page.wait_for_url("**min=1*")
    search.page.get_by_role("heading", name="Nothing fits").wait_for()
    assert violations(search.page) == []
    press(search.page.locator(".results").get_by_role("button", name="Clear all filters"))
    search.cards.first.wait_for()


def test_further_pages(page: Page, site: Site, api: Client) -> None:
    search = SearchPage(page)
    page.goto(site.page("search?q=shirt&group=0"))
    first = api.search(text="shirt", top_k=TOP_K)
    second = api.search(text="shirt", top_k=TOP_K, page_token=first.next_page_token)
    assert search.hits() == ids(first)
    press(page.get_by_role("button", name="Show more"))
    search.cards.nth(TOP_K).wait_for()
    assert search.hits() == [*ids(first), *ids(second)]


@pytest.mark.parametrize("query", ["words", "photo", "examples"])
@pytest.mark.parametrize("kind", ["curl", "Python"])
def test_the_copied_code_finds_the_same(
    search: SearchPage, context: BrowserContext, site: Site, photo: Path, query: str, kind: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    if query == "photo":
        search.choose(photo)
        press(search.garments.first)
    else:
        search.say('a dress that isn\'t "plain"')
    if query == "examples":
        search.press("Less like this", 1)
        search.page.wait_for_url("**less=*")
        press(search.page.get_by_role("checkbox", name=re.compile("^shirt, ")), "Space")
        search.page.wait_for_url("**is.category=shirt*")
    shown = search.hits()
    press(search.page.locator("summary", has_text="Copy as code"))
    press(search.page.get_by_role("button", name=kind, exact=True))
    press(search.page.locator(".copy-body").get_by_role("button", name="Copy as code"))
    search.page.get_by_text("Copied").wait_for()
    code = search.page.evaluate("navigator.clipboard.readText()")
    printed = run_code(code, kind, site, photo.parent)
    assert set(shown) <= set(re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", printed))
    positions = [printed.index(item) for item in shown]
    assert query == "photo" or positions == sorted(positions)


def run_code(code: str, kind: str, site: Site, folder: Path) -> str:
    """What the code prints, run where photo.jpg is."""
    if kind == "curl":
        command = ["bash", "-c", code.replace("curl ", "curl -sS ", 1)]
    else:
        assert '"127.0.0.1:50051"' in code
        command = [sys.executable, "-c", code.replace("127.0.0.1:50051", site.address)]
    source = str(ROOT / "clients" / "python" / "src")
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": source}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_server_that_is_gone_is_told_and_tried_again(
    search: SearchPage, context: BrowserContext, complaints: list[str]
) -> None:
    context.set_offline(True)
    search.say("red dress")
    alert = search.page.get_by_role("alert")
    alert.wait_for()
    assert "No server answers" in alert.inner_text()
    assert violations(search.page) == []
    context.set_offline(False)
    press(alert.get_by_role("button", name="Try again"))
    search.cards.first.wait_for()
    complaints.clear()


def test_addresses_that_lead_nowhere(page: Page, site: Site) -> None:
    page.goto(site.page("search?photo=lost"))
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "Choose it again" in alert.inner_text()
    page.goto(site.page("nowhere"))
    page.get_by_role("heading", name="There is no such page").wait_for()
    assert violations(page) == []


def test_the_theme_is_chosen_and_stays(search: SearchPage) -> None:
    def ground() -> str:
        return str(search.page.evaluate("getComputedStyle(document.body).backgroundColor"))

    light = ground()
    switch = search.page.get_by_role("button", name="Theme: As the system")
    press(switch)
    press(search.page.get_by_role("button", name="Theme: Light"))
    search.page.get_by_role("button", name="Theme: Dark").wait_for()
    dark = ground()
    assert dark != light
    search.page.reload()
    search.page.get_by_role("button", name="Theme: Dark").wait_for()
    assert ground() == dark


def test_by_keyboard_alone(search: SearchPage) -> None:
    page = search.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("red dress")
    page.keyboard.press("Enter")
    search.cards.first.wait_for()
    search.settle()
    focus = "document.activeElement.className"
    for _ in range(100):
        page.keyboard.press("Tab")
        if page.evaluate(focus) == "card-link":
            break
    for action in ("More like this", "Less like this", "This, but …"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.title") == action
        assert float(page.evaluate("getComputedStyle(document.activeElement).opacity")) > 0
    page.keyboard.press("Enter")
    page.wait_for_url("**item=*")
    page.wait_for_function("() => document.activeElement.type === 'search'")
    page.keyboard.type("as a skirt")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=as+a+skirt*")
    assert search.hits()


def test_on_a_phone_nothing_is_wider_than_the_screen(page: Page, site: Site, photo: Path) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    search = SearchPage(page)
    page.goto(site.page())
    search.choose(photo)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    press(page.locator("summary", has_text="Filters"))
    page.get_by_role("slider", name="Minimum similarity").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert violations(page) == []


def test_the_best_hits_in_another_order(search: SearchPage, api: Client) -> None:
    search.say("red dress")
    search.settle()
    choose(search.page.get_by_role("combobox", name="Order"), "price")
    search.page.wait_for_url("**sort=price*")
    shown = search.hits()
    hits = api.search(text="red dress", top_k=96, group_by_product=True).queries[0].hits
    prices = {hit.item.id: hit.product.price.amount for hit in hits if hit.product and hit.product.price}
    assert set(shown) == {hit.item.id for hit in hits}
    assert [prices[item] for item in shown] == sorted(prices.values())


def test_two_hits_are_compared_by_keys(search: SearchPage, api: Client) -> None:
    search.say("red dress")
    page = search.page
    one, other = search.hits()[:2]
    press(search.cards.nth(0).get_by_role("button", name="Compare"))
    page.get_by_text("Choose another hit").wait_for()
    assert violations(page) == []
    press(search.cards.nth(1).get_by_role("button", name="Compare"))
    page.wait_for_url(f"**/compare?one={one}&other={other}")
    page.get_by_text("Their similarity is").wait_for()
    heads = page.locator(".compare thead a").evaluate_all("(links) => links.map((link) => link.href)")
    assert [href.rpartition("/")[2] for href in heads] == [one, other]
    first, second = (api.get_item(each, include_embedding=True).embedding for each in (one, other))
    assert first is not None
    assert second is not None
    cosine = sum(a * b for a, b in zip(first.values, second.values, strict=True))
    told = page.get_by_text("Their similarity is").inner_text()
    assert abs(float(told.split(" is ")[1].split(",")[0]) - cosine) < 0.01
    assert violations(page) == []
    press(page.get_by_role("button", name="Back"))
    assert search.hits()[:2] == [one, other]
