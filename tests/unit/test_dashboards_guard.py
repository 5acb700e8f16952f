"""What stands before every page: form tokens, headers, bounds, safe targets, a calm page when something breaks."""

import dataclasses
import logging
import re

import pytest
from dashboards.guard import MAX_BODY, safe_target
from dashboards.web import make_app
from dashboards_office import client_as, client_of, log_in, token_on, world
from fastapi.routing import APIRoute
from model.user import Role


def forms_of(made) -> list[str]:
    """Every address that takes a form, the log-in apart; numbers and names in it stand as 1."""
    def posts(routes):
        for route in routes:
            if isinstance(route, APIRoute) and "POST" in route.methods:
                yield re.sub(r"\{[^}]*\}", "1", route.path)
            yield from posts(getattr(getattr(route, "original_router", None), "routes", ()) or ())
    found = sorted(set(posts(make_app(made.office).routes)) - {"/login"})
    assert {"/logout", "/incidents/1/sign", "/claims/hand-in", "/settings/users"} <= set(found)
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    made = world(tmp_path_factory.mktemp("guard"))
    made.alarm("云川市人民医院的纠纷")
    return made


def test_a_form_without_its_token_is_refused(made):
    client, other = client_as(made, "admin"), client_as(made, "duty")
    foreign = token_on(other.get("/password"))
    for path in forms_of(made):
        for token in ("", "0" * 64, foreign, "中文"):
            answer = client.post(path, data={"csrf": token, "text": "x", "name": "duty", "on": ""})
            assert answer.status_code == 403 and "表单已失效" in answer.text, path
    assert made.store.incident(1).state.value == "open" and made.store.user("duty")[0].active


def test_a_log_in_from_another_site_is_refused(made):
    client = client_of(made)
    client.get("/login")
    assert client.post("/login", data={"name": "admin", "password": "x", "csrf": "0" * 64}).status_code == 403


def test_forms_without_log_in_change_nothing(made):
    for path in forms_of(made):
        assert client_of(made).post(path, data={"csrf": "x"}).status_code == 401, path


@pytest.mark.parametrize("path", ["/login", "/healthz", "/static/jianbao.css", "/nothing"])
def test_every_answer_carries_the_security_headers(made, path):
    headers = client_of(made).get(path).headers
    assert "default-src 'self'" in headers["content-security-policy"] and "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(made):
    client = client_of(made)
    answer = client.get("/login")
    sent = client.post("/login", data={"name": "admin", "password": "correct-horse-42", "csrf": token_on(answer)}, follow_redirects=False)
    cookie = next(c for c in sent.headers.get_list("set-cookie") if c.startswith("jianbao="))
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and sent.status_code == 303


@pytest.mark.parametrize("path", ["/", "/clippings", "/digest/2026-W47/docx", "/archive/1", "/settings"])
def test_a_stranger_is_led_to_the_log_in_and_then_where_they_wanted(made, path):
    client = client_of(made)
    answer = client.get(path)
    assert answer.url.path == "/login" and "登录" in answer.text
    assert client.get("/live").status_code == 401


def test_after_the_log_in_one_stands_where_one_wanted(made):
    client = client_of(made)
    assert log_in(client, "admin", target="/clippings?q=%E9%97%A8%E8%AF%8A").url == f"{made.address}/clippings?q=%E9%97%A8%E8%AF%8A"


@pytest.mark.parametrize("target", ["http://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "\\\\evil",
    "/\n/evil", "evil", "/" * 600])
def test_nobody_is_sent_to_another_site(made, target):
    assert safe_target(target) == "/"
    assert log_in(client_of(made), "reader", target=target).url.host == "127.0.0.1"


def test_ways_of_our_own_are_kept():
    assert safe_target("/incidents/3?x=1#y") == "/incidents/3?x=1#y"


def test_too_large_a_form_is_refused_before_it_is_read(made):
    answer = client_of(made).post("/login", data={"name": "x" * MAX_BODY})
    assert answer.status_code == 413 and "过大" in answer.text

    def endless():
        for _ in range(MAX_BODY // 1000 + 5):
            yield b"x" * 1000

    streamed = client_of(made).post("/login", content=endless(), headers={"content-type": "application/x-www-form-urlencoded"})
    assert streamed.status_code in (400, 413)


def test_what_breaks_shows_a_calm_page_whose_number_is_in_the_log(tmp_path, caplog):
    made = world(tmp_path)

    def broken():
        raise RuntimeError("secret detail")

    made.office = dataclasses.replace(made.office, problems=broken)
    client = client_as(made, "admin")
    with caplog.at_level(logging.ERROR, logger="jianbao.web"):
        answer = client.get("/settings")
    assert answer.status_code == 500 and "secret detail" not in answer.text and "程序出错" in answer.text
    number = answer.text.split("编号 <code>")[1].split("<")[0]
    assert number in caplog.text and "secret detail" in caplog.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_health_is_told_without_log_in(made):
    assert client_of(made).get("/healthz").json() == {"ok": True}
    assert client_of(made).head("/healthz").status_code == 200


def test_every_role_has_a_user_in_these_tests(made):
    assert {u.role for u in made.store.users()} == set(Role)
