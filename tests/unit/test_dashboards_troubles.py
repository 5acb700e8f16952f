"""What hinders the house stands on every page of those who can see to it; bureaus on one host keep their log-ins apart."""

from dataclasses import replace

from dashboards_office import client_as, client_of, log_in, world

TOLD = "磁盘空间不足：/srv/<b>var</b> 只剩 12 MB。"


def test_troubles_stand_on_the_pages_and_go_again(tmp_path):
    made, now = world(tmp_path), [TOLD]
    made.office = replace(made.office, troubles=lambda: tuple(now))
    for path in ("/", "/clippings", "/settings"):
        assert "磁盘空间不足：/srv/&lt;b&gt;var&lt;/b&gt; 只剩 12 MB。" in client_as(made, "duty").get(path).text
    assert "磁盘空间不足" not in client_as(made, "unit").get("/clippings").text      # no business of a unit's
    now.clear()
    assert "磁盘空间不足" not in client_as(made, "duty").get("/").text


def test_a_cookie_of_its_own(tmp_path):
    """Both on one host name and another port: one browser is in both at once."""
    made = world(tmp_path)
    made.office = replace(made.office, cookie="jianbao-county")
    browser = client_of(made)
    browser.cookies.set("jianbao", "the.other-bureaus", domain="127.0.0.1", path="/")
    assert log_in(browser, "duty").status_code == 200
    assert {c.name for c in browser.cookies.jar} == {"jianbao", "jianbao-county"}
    browser.cookies.delete("jianbao-county")
    assert "/login" in str(browser.get("/").url)
