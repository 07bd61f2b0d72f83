"""The page in a browser: what a person clicks, types, sees and prints."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from factify_contract.clauses import catalogue
from factify_contract.events import ClauseJudged, ExchangeDone, FindingMade, Warned
from factify_contract.findings import Status

TOOL = Path(sys.executable).with_name("factify-contract")
DESKTOP, PHONE, NARROWEST = (
    {"width": 1280, "height": 900},
    {"width": 390, "height": 844},
    {"width": 320, "height": 640},
)
PAGES = ("failing", "passing", "hostile")


# Not for the whole session: while a browser is driven, this thread can run no event loop of its own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    finder = Path(__file__).with_name("chromium.py")
    looked = subprocess.run([sys.executable, finder], capture_output=True, text=True, timeout=900)
    if looked.returncode:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(looked.stderr.strip())
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=looked.stdout.strip(),
            args=["--no-sandbox", "--disable-dev-shm-usage"],
            timeout=60_000,
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def reports(tmp_path_factory, written, finding_of, exchange_of) -> dict[str, Path]:
    """A real run that fails, a run in which all passes, and one whose target sends what hurts."""
    folder = tmp_path_factory.mktemp("reports")
    words = ("--launch-mock", "--phase", "scenarios", "--suite", "trash-restore")
    mutant = ("--mock-option", "--mutant trash.keeps-grants")
    subprocess.run([TOOL, "verify", *words, *mutant, "--output", folder], capture_output=True, timeout=120)
    judged = [
        ClauseJudged(clause.id, Status.PASS, "s")
        for clause in catalogue().values()
        if clause.level != "choice"
    ]
    written(folder / "passing.html", [*judged, ExchangeDone(exchange_of("getMe", 200))])
    endless = "<script>alert(1)</script>" + "endless" * 60
    hurting = finding_of(message=endless, expected=endless, actual=endless, path="/" + endless)
    events = [
        FindingMade(hurting, endless),
        ClauseJudged("users.preferences", Status.NOT_EXERCISED, "s", endless),
        Warned(endless),
        *(ExchangeDone(exchange_of("getMe", status, elapsed=status)) for status in range(100, 600, 7)),
    ]
    written(folder / "hostile.html", events, target=endless, interrupted=endless)
    return {"failing": folder / "report.html", **{name: folder / f"{name}.html" for name in PAGES[1:]}}


@pytest.fixture
def opened(browser: Browser, reports: dict[str, Path]) -> Iterator[Callable[..., Page]]:
    """Opens a report; at the end nothing was asked of a network, and nothing was complained about."""
    asked, complaints, contexts = [], [], []

    def show(name: str = "failing", *, anchor: str = "", **options: object) -> Page:
        context = browser.new_context(**{"viewport": DESKTOP, "reduced_motion": "reduce", **options})
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.goto(reports[name].as_uri() + anchor)
        return page

    yield show
    for context in contexts:
        context.close()
    assert {url.partition("#")[0] for url in asked} <= {path.as_uri() for path in reports.values()}
    assert complaints == []


def shown(page: Page, selector: str) -> int:
    return page.locator(f"{selector}:visible").count()


UNFOLD = "for (const box of document.querySelectorAll('details')) box.open = true"
# What sticks out to the right, unless it can be scrolled to.
WIDE = """() => [...document.querySelectorAll('body *')].filter(one =>
  one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 0.5
  && !one.closest('.wide *, .histogram div *, .top ul')).map(one => one.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_the_screen(opened, name):
    page = opened(name)
    page.evaluate(UNFOLD)

    for viewport in (DESKTOP, PHONE, NARROWEST):
        page.set_viewport_size(viewport)
        assert page.evaluate(WIDE) == []
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]


def test_search_narrows_every_section_and_says_so(opened):
    page = opened()
    page.keyboard.press("/")
    page.keyboard.type("Trash untrashDocument")

    expect(page.locator("#search")).to_be_focused()
    assert 0 < shown(page, "#clauses .item") < 40
    assert shown(page, "#coverage .item") == 1
    expect(page.locator("#coverage .count")).to_have_text("1 of 59")
    expect(page.locator("#matches")).to_contain_text("1 coverage")
    assert all("untrashDocument" in text for text in page.locator("#clauses .item:visible").all_inner_texts())

    page.keyboard.press("Escape")
    expect(page.locator("#search")).to_have_value("")
    expect(page.locator("#clauses .count")).to_have_text(str(len(catalogue())))


def test_a_search_for_nothing_there_says_so(opened):
    page = opened()
    page.fill("#search", "no such words")

    assert shown(page, ".item") == 0
    assert shown(page, ".nothing") == page.locator(".nothing").count()
    expect(page.locator("#matches")).to_have_text("Matches: none")


def test_clauses_are_filtered_by_standing_and_level(opened):
    page = opened()
    page.get_by_role("button", name="fail").click()

    standings = page.locator("#clauses .item:visible").evaluate_all(
        "all => all.map(one => one.dataset.standing)"
    )
    assert set(standings) == {"fail"}
    expect(page.get_by_role("button", name="fail")).to_have_attribute("aria-pressed", "true")

    page.get_by_role("button", name="not exercised").click()
    page.get_by_role("button", name="inferred", exact=True).click()
    levels = page.locator("#clauses .item:visible").evaluate_all("all => all.map(one => one.dataset.level)")
    assert set(levels) == {"inferred"}

    page.get_by_role("button", name="Any level").click()
    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_role("button", name="Open all").click()
    assert shown(page, "#clauses .item") == len(catalogue())


def test_theme_follows_the_system_until_it_is_chosen(opened):
    page = opened(color_scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"
    button = page.get_by_role("button", name="Dark colours")
    dark = page.evaluate(background)
    expect(button).to_have_attribute("aria-pressed", "true")

    button.click()
    light = page.evaluate(background)
    expect(button).to_have_attribute("aria-pressed", "false")
    page.reload()

    assert (dark, light) == ("rgb(17, 20, 24)", "rgb(255, 255, 255)")
    assert page.evaluate(background) == light


def test_a_finding_unfolds_and_shows_both_sides(opened):
    page = opened()
    folded = page.locator(".finding:not([open])").first
    finding = page.locator(f"#{folded.get_attribute('id')}")
    expect(finding.locator(".pair")).to_be_hidden()

    finding.locator("summary").first.click()

    expected, actual = finding.locator(".pair > div").all()
    assert expected.bounding_box()["y"] == actual.bounding_box()["y"]
    assert expected.inner_text().startswith("Expected")
    assert finding.locator(".steps li").count() > 0
    page.set_viewport_size(PHONE)
    assert expected.bounding_box()["y"] < actual.bounding_box()["y"]


def test_a_command_is_copied_or_at_least_selected(opened):
    page = opened()
    button = page.locator(".finding[open] .copy").first
    button.click()

    expect(button).to_have_text("Copied" if page.evaluate("isSecureContext") else "Selected")


def test_a_link_to_a_folded_clause_unfolds_it(opened):
    page = opened(anchor="#clause-users.me")
    expect(page.locator("[id='clause-users.me']")).to_be_in_viewport()

    page.locator(".finding[open] .sources a").first.click()
    expect(page.locator("#clauses .item:target")).to_be_in_viewport()


def test_a_link_to_a_clause_that_is_left_out_brings_it_back(opened):
    page = opened()
    page.get_by_role("button", name="choice").first.click()
    page.locator(".finding").first.locator(".sources a").first.click()

    expect(page.locator("#clauses .item:target")).to_be_in_viewport()
    expect(page.get_by_role("button", name="All", exact=True)).to_have_attribute("aria-pressed", "true")


# Where the focus is: its name, whether all of it is on the screen, and whether it is shown.
STOP = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const isOnScreen = box.top >= 0 && box.bottom <= innerHeight + 1;
  return [one.textContent.trim() || one.id, isOnScreen, getComputedStyle(one).outlineStyle];
}"""


def test_everything_is_reached_by_keyboard_and_shows_where_one_is(opened):
    page = opened()
    stops = []
    for _ in range(26):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(STOP))
    names = [name for name, *_ in stops]

    assert names[:2] == ["Skip to the results", f"Findings {page.locator('.finding').count()}"]
    assert names[2:9] == ["Clauses", "Coverage", "Roles", "Timing", "Stories", "search", "theme"]
    assert {"Copy", "All"} <= set(names)
    assert [stop for stop in stops if stop[1:] != [True, "solid"]] == []


def test_keyboard_skips_to_the_results_and_unfolds(opened):
    page = opened()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

    page.keyboard.press("Tab")
    first = page.locator(".finding").first
    assert first.evaluate("one => one.querySelector('summary') === document.activeElement && one.open")
    page.keyboard.press("Enter")
    assert not first.evaluate("one => one.open")


# Every pair of colours in which some text is shown: the text's own, and the first opaque one behind it.
TEXTS = """() => {
  const parts = color => (color.match(/[\\d.]+/g) || []).map(Number);
  const found = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !one.checkVisibility()) continue;
    if (one.closest('.unseen, .skip, script')) continue;
    const style = getComputedStyle(one);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    const color = one.closest('svg') ? style.fill : style.color;
    let behind = one;
    while (parts(getComputedStyle(behind).backgroundColor)[3] === 0) behind = behind.parentElement;
    const paper = getComputedStyle(behind).backgroundColor;
    found.set([color, paper, least].join(), [parts(color), parts(paper), least, one.outerHTML.slice(0, 80)]);
  }
  return [...found.values()];
}"""


@pytest.mark.parametrize("name", PAGES)
def test_every_text_has_the_contrast_of_wcag_aa(opened, contrast, name):
    page = opened(name)
    page.evaluate(UNFOLD)

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        texts = page.evaluate(TEXTS)
        ratios = [(round(contrast(color, paper), 2), least, where) for color, paper, least, where in texts]
        assert len(texts) > 5
        assert [found for found in ratios if found[0] < found[1]] == []


def test_without_a_script_everything_is_there_to_read(opened):
    page = opened(java_script_enabled=False)

    assert shown(page, "#clauses .item") == len(catalogue())
    assert shown(page, ".finding .pair") == page.locator(".finding").count()
    assert shown(page, "button") + shown(page, "input") == 0


def test_on_paper_everything_is_unfolded(opened, tmp_path):
    page = opened(color_scheme="dark")
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True, print_background=True)
    document = pypdfium2.PdfDocument(tmp_path / "report.pdf")
    text = " ".join("".join(sheet.get_textpage().get_text_range() for sheet in document).split())
    sizes = {tuple(map(round, sheet.get_size())) for sheet in document}
    document.close()

    assert all(
        " ".join(clause.id.split()) in text.replace("- ", "-") for clause in list(catalogue().values())[::50]
    )
    assert "Search" not in text
    assert sizes == {(595, 842), (842, 595)}
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
