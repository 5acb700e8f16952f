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
def page(chromium, made, expected):
    """A page of a fresh browser profile; anything the browser complains about (the content policy above all) fails the test."""
    context = chromium.new_context(base_url=made.address, viewport={"width": 1440, "height": 900}, locale="zh-CN", accept_downloads=True)
    page, complaints = context.new_page(), []
    page.set_default_timeout(10_000)
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    unexpected = [c for c in complaints if not expected or not re.search(expected, c)]
    assert not unexpected, unexpected


@pytest.fixture
def enter(page):
    """Log in through the form."""
    def go(name: str = "duty") -> None:
        page.goto("/")
        page.get_by_label("登录名").fill(name)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url("**/")
    return go


@pytest.fixture
def visiting(chromium):
    """`go(address, name)`: a fresh browser logged in as `name` and brought to the claims.  Anything a browser complains about fails the test,
    but for the refusals (403, 409, 422) that such tests ask for."""
    opened, complaints = [], []

    def go(address: str, name: str):
        context = chromium.new_context(base_url=address, viewport={"width": 1440, "height": 900}, locale="zh-CN", accept_downloads=True)
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/login?next=/claims")
        page.get_by_label("登录名").fill(name)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url("**/claims")
        return page

    yield go
    for context in opened:
        context.close()
    assert not [c for c in complaints if not re.search(r"status of 4(03|09|22)", c)]
