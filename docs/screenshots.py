"""Makes the pictures of the HTML report in `images/` again, from two runs against the mock.

Needs Chromium and the packages of the group `test`. Durations, and with them the pictures, differ a little
from time to time.
"""

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

DOCS = Path(__file__).parent
ROOT = DOCS.parent
TOOL = Path(sys.executable).with_name("factify-contract")
RUNS = {
    "kept": (),
    "broken": ("--mock-option", "--mutant trash.keeps-grants --mutant invites.token-reusable"),
}
# A page of documentation is no gallery.
MOST_BYTES = 300_000


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: of which run, on what kind of screen, and what is at its top."""

    name: str
    run: str
    scheme: str
    phone: bool = False
    place: str = ""
    clicked: str = ""


PICTURES = (
    Picture("report-kept-desktop-light", "kept", "light"),
    Picture("report-broken-desktop-dark", "broken", "dark"),
    Picture("report-finding-desktop-light", "broken", "light", place=".finding"),
    Picture("report-clauses-desktop-dark", "broken", "dark", place="#clauses", clicked="not exercised"),
    Picture("report-coverage-desktop-light", "broken", "light", place="#coverage"),
    Picture("report-roles-desktop-dark", "broken", "dark", place="#roles"),
    Picture("report-timing-desktop-light", "kept", "light", place="#timing"),
    Picture("report-broken-phone-light", "broken", "light", phone=True),
    Picture("report-finding-phone-dark", "broken", "dark", phone=True, place=".finding"),
    Picture("report-coverage-phone-light", "broken", "light", phone=True, place="#coverage"),
)


def judged(folder: Path) -> dict[str, Path]:
    """The report of each run, by the run's name."""
    reports = {}
    for name, options in RUNS.items():
        # The page names the folder as it was given.
        words = [TOOL, "verify", "--launch-mock", *options, "--output", name]
        done = subprocess.run(words, check=False, cwd=folder)
        if done.returncode not in (0, 1):
            raise SystemExit(f"the run {name!r} ended with {done.returncode}")
        reports[name] = folder / name / "report.html"
    return reports


def take(picture: Picture, report: Path, browser: Browser) -> None:
    """The picture is in `images/`, in few colours."""
    page = browser.new_page(
        viewport={"width": 390, "height": 844} if picture.phone else {"width": 1280, "height": 900},
        device_scale_factor=2 if picture.phone else 1,
        color_scheme="dark" if picture.scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page.goto(report.as_uri())
    if picture.clicked:
        page.get_by_role("button", name=picture.clicked).click()
    if picture.place:
        page.locator(picture.place).first.evaluate("place => place.scrollIntoView()")
    path = DOCS / "images" / f"{picture.name}.png"
    page.screenshot(path=path)
    page.close()
    with Image.open(path) as image:
        # So many colours are enough for flat areas and the edges of letters.
        small = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    if path.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{path} has {path.stat().st_size} bytes, more than {MOST_BYTES}")


def main() -> None:
    """Makes all pictures again."""
    finder = ROOT / "tests" / "report" / "chromium.py"
    found = subprocess.run([sys.executable, finder], check=True, capture_output=True, text=True)
    (DOCS / "images").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        reports = judged(Path(folder))
        browser = driver.chromium.launch(executable_path=found.stdout.strip(), args=["--no-sandbox"])
        for picture in PICTURES:
            take(picture, reports[picture.run], browser)
        browser.close()


if __name__ == "__main__":
    main()
