"""A real Chromium before a really served app.  Without a browser these tests are skipped loudly, or fail where one is required."""

import os
import re
import shutil
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit"))

from dashboards_office import PASSWORD, World, serve, world  # noqa: E402  (the path has to be known first)

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run"]


class RunningClock:
    """The clock on the wall: a browser counts against it."""

    def now(self) -> datetime:
        return datetime.now(timezone.utc)


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("JIANBAO_CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
        None)
    if not path:
        why = "NO BROWSER: the pages were NOT tried in Chromium. Install chromium or set JIANBAO_CHROMIUM to its path."
        pytest.fail(why) if os.environ.get("JIANBAO_REQUIRE_BROWSER") == "1" else pytest.skip(why)
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def made(tmp_path) -> World:
    made = world(tmp_path, clock=RunningClock())
    made.fill()
    made.address = serve(made)
    return made


@pytest.fixture
def expected(request) -> str:
    """A pattern of what the browser may complain about in this test; nothing unless a test says so."""
    return getattr(request, "param", "")


@pytest.fixture
def windows(chromium):
    """`open_window(address, allowed)`: a page of a fresh browser profile.  Anything a browser complains about (the content policy above all)
    fails the test, but for what matches the pattern `allowed`."""
    opened, complaints = [], []

    def open_window(address: str, allowed: str = "", width: int = 1440, height: int = 900):
        context = chromium.new_context(base_url=address, viewport={"width": width, "height": height}, locale="zh-CN", accept_downloads=True)
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)

        def heard(text: str) -> None:
            if not allowed or not re.search(allowed, text):
                complaints.append(text)

        page.on("console", lambda message: heard(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: heard(str(error)))
        return page

    yield open_window
    for context in opened:
        context.close()
    assert not complaints, complaints


@pytest.fixture
def page(windows, made, expected):
    return windows(made.address, expected)


def sign_in(page, name: str, path: str = "/") -> None:
    """Log in through the form that stands before `path`."""
    page.goto(path)
    page.get_by_label("登录名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_selector("nav.side")


@pytest.fixture
def enter(page):
    """Log in through the form, and arrive at today's page."""
    def go(name: str = "duty") -> None:
        sign_in(page, name)
        page.wait_for_url("**/")
    return go


@pytest.fixture
def visiting(windows):
    """`go(address, name)`: a fresh browser logged in as `name` and brought to the claims, which may refuse (403, 409, 422) where a test asks for it."""
    def go(address: str, name: str):
        page = windows(address, r"status of 4(03|09|22)")
        sign_in(page, name, "/claims")
        page.wait_for_url("**/claims")
        return page
    return go


@pytest.fixture
def sitting(windows, made):
    """`go(name)`: a browser of their own for a user, logged in."""
    def go(name: str, width: int = 1440, height: int = 900):
        page = windows(made.address, width=width, height=height)
        sign_in(page, name)
        return page
    return go
