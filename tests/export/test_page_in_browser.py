"""A digest's page in Chromium: on a phone, in the dark, with its evidence behind a tap and no request to anybody."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.export.html.page import digest_page, markdown_page
from tests.support.digest_factory import HOSTILE, digest_by_topic

CHROMIUM = Path("/usr/bin/chromium")
DRIVER = Path("/usr/bin/chromedriver")
WIDE_TABLE = (
    "| " + " | ".join(f"a rather long head {n}" for n in range(9)) + " |\n" + "|---" * 9 + "|\n" + "| x " * 9 + "|"
)


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Chromium with the screen of a small phone that prefers the dark."""
    if not (CHROMIUM.exists() and DRIVER.exists()):
        pytest.skip("Chromium or its driver is not installed (Debian: chromium, chromium-driver)")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    profile = tmp_path_factory.mktemp("profile")
    for option in ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    screen = {"width": 320, "height": 640, "deviceScaleFactor": 2, "mobile": True}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    dark = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)
    yield driver
    driver.quit()


def opened(phone: Any, folder: Path, page: str) -> Any:
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    phone.get(file.as_uri())
    return phone


def test_a_digest_fits_a_phone_and_its_colours_follow_the_reader(phone: Any, tmp_path: Path) -> None:
    opened(phone, tmp_path, digest_page(digest_by_topic(why={1: ("x" * 200,)}, profile=HOSTILE)))
    assert phone.execute_script("return document.documentElement.scrollWidth") == 320
    assert phone.execute_script("return getComputedStyle(document.body).backgroundColor") == "rgb(23, 24, 27)"


def test_a_citation_opens_the_evidence_that_it_leads_to(phone: Any, tmp_path: Path) -> None:
    opened(phone, tmp_path, digest_page(digest_by_topic()))
    for citation, evidence in ((".lead .cite", "#e1-1-0"), (".summary .cite", "#p1-0")):
        assert not phone.execute_script(f"return document.querySelector('{evidence}').checkVisibility()")
        phone.find_element("css selector", citation).click()
        assert phone.execute_script(f"return document.querySelector('{evidence}').checkVisibility()")
        assert phone.execute_script(f"return document.querySelector('{evidence}').closest('details').open")


def test_the_page_asks_nobody_for_anything(phone: Any, tmp_path: Path) -> None:
    phone.get_log("performance")
    made = digest_by_topic(profile="<img src=https://example.org/x.png>")
    opened(phone, tmp_path, digest_page(made))
    asked = [
        entry["message"] for entry in phone.get_log("performance") if "Network.requestWillBeSent" in entry["message"]
    ]
    assert len(asked) == 1
    assert "file:///" in asked[0]


def test_a_wide_table_scrolls_in_its_place(phone: Any, tmp_path: Path) -> None:
    opened(phone, tmp_path, markdown_page("Wide", f"# Wide\n\n{WIDE_TABLE}\n"))
    assert phone.execute_script("return document.documentElement.scrollWidth") == 320
    assert phone.execute_script("return document.querySelector('.scroll').scrollWidth") > 320
