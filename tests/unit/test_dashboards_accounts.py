"""Coming in: passwords, the lock, sessions that end, the first administrator, the audit log."""

from datetime import timedelta

import pytest
from dashboards import accounts
from dashboards_office import PASSWORD, StillClock, client_as, client_of, log_in, token_on, world
from model.bureau import WebSettings
from model.user import Role, User
from pipelines.store import open_store

RULES = WebSettings(idle_minutes=60, lock_after=5, lock_minutes=15)


@pytest.fixture
def desk(tmp_path):
    clock = StillClock()
    store = open_store(tmp_path / "a.db", clock=clock)
    store.save_user(User(0, "小李", "李值班", Role.DUTY), accounts.hash_password(PASSWORD))
    yield store, clock
    store.close()


def enter(desk, password=PASSWORD, name="小李"):
    return accounts.log_in(desk[0], desk[1], RULES, name, password, "127.0.0.1")


def who(desk, cookie):
    return accounts.visitor_of(desk[0], desk[1], RULES, cookie)


def test_the_first_admin_is_made_once_with_a_password_that_works_and_must_be_changed(tmp_path):
    clock = StillClock()
    store = open_store(tmp_path / "a.db", clock=clock)
    name, password = accounts.first_admin(store, clock)
    assert name == "admin" and accounts.first_admin(store, clock) is None
    entry = accounts.log_in(store, clock, RULES, name, password)
    assert entry.cookie and entry.user.must_change and entry.user.role is Role.ADMIN
    assert password not in str(store.user("admin")) and store.user("admin")[1].startswith("$argon2id$")


def test_first_passwords_differ_and_are_long_enough():
    made = {accounts.readable_password() for _ in range(50)}
    assert len(made) == 50 and all(not accounts.weakness(p, "admin") for p in made)


def test_log_in_gives_a_session_and_log_out_ends_it(desk):
    cookie = enter(desk).cookie
    assert who(desk, cookie).name == "小李"
    accounts.log_out(desk[0], desk[1], cookie, "小李")
    assert who(desk, cookie) is None


@pytest.mark.parametrize("cookie", ["", "x", "x.y", "5bCP5p2O.", "5bCP5p2O.wrong", "....", "é.é", "a" * 500])
def test_a_made_up_cookie_opens_nothing(desk, cookie):
    enter(desk)
    assert who(desk, cookie) is None


def test_a_stolen_table_of_sessions_does_not_hold_the_cookie(desk, tmp_path):
    token = enter(desk).cookie.partition(".")[2]
    assert all(token.encode() not in f.read_bytes() for f in tmp_path.rglob("*") if f.is_file())


def test_an_idle_session_ends_and_a_used_one_does_not(desk):
    cookie = enter(desk).cookie
    for _ in range(3):
        desk[1].at += timedelta(minutes=59)
        assert who(desk, cookie)
    desk[1].at += timedelta(minutes=61)
    assert who(desk, cookie) is None
    desk[1].at -= timedelta(minutes=61)
    assert who(desk, cookie) is None, "a session that ended stays ended"


def test_looking_without_touching_lets_the_session_grow_old(desk):
    cookie = enter(desk).cookie
    desk[1].at += timedelta(minutes=40)
    assert accounts.visitor_of(desk[0], desk[1], RULES, cookie, touch=False)
    desk[1].at += timedelta(minutes=40)
    assert who(desk, cookie) is None


def test_a_changed_password_ends_the_other_sessions(desk):
    other, mine = enter(desk).cookie, enter(desk).cookie
    fresh, refusal = accounts.change_password(*desk, who(desk, mine), PASSWORD, "another-horse-77")
    assert not refusal and who(desk, fresh) and who(desk, other) is None and who(desk, mine) is None
    assert enter(desk).refusal and enter(desk, "another-horse-77").cookie


@pytest.mark.parametrize("old, new, said", [
    ("wrong", "another-horse-77", "原密码"), (PASSWORD, "short-1", "至少 10"), (PASSWORD, "onlyletters", "两种"), (PASSWORD, "小李小李小李小李-12", "登录名"),
    (PASSWORD, PASSWORD, "与原密码相同"), (PASSWORD, "x1" * 101, "200")])
def test_a_poor_password_is_refused_with_its_reason(desk, old, new, said):
    cookie, refusal = accounts.change_password(*desk, who(desk, enter(desk).cookie), old, new)
    assert not cookie and said in refusal


def test_a_deactivated_user_is_out_at_once(desk):
    cookie = enter(desk).cookie
    held = desk[0].user("小李")[0]
    desk[0].save_user(User(held.id, held.name, held.display, held.role, active=False), None)
    assert who(desk, cookie) is None and enter(desk).refusal


def test_five_failures_lock_the_name_for_a_while_even_for_the_right_password(desk):
    for _ in range(5):
        assert enter(desk, "wrong").refusal == "登录名或密码不正确。"
    assert "15 分钟" in enter(desk).refusal
    desk[1].at += timedelta(minutes=16)
    assert enter(desk).cookie


def test_an_unknown_name_is_answered_like_a_wrong_password(desk):
    assert enter(desk, name="nobody").refusal == enter(desk, "wrong").refusal


def test_log_ins_and_failures_are_in_the_audit_log(desk):
    enter(desk, "wrong")
    enter(desk)
    assert [(who, what, result, address) for _, who, what, _, result, address in desk[0].audit_rows(10)] == [
        ("小李", "login", "ok", "127.0.0.1"), ("小李", "login", "failed", "127.0.0.1")]


def test_the_first_password_must_be_changed_before_anything_else(tmp_path):
    made = world(tmp_path)
    held = made.store.user("duty")[0]
    made.store.save_user(User(held.id, held.name, held.display, held.role, must_change=True), None)
    client = client_of(made)
    assert "这是初始密码" in log_in(client, "duty", target="/clippings?q=门诊").text
    assert client.get("/clippings", follow_redirects=False).headers["location"] == "/password"
    form = client.get("/password?next=/units")
    answer = client.post("/password", data={"csrf": token_on(form), "old": PASSWORD, "new": "my-own-word-2026",
        "again": "my-own-word-2026", "next": "/units"})
    assert answer.status_code == 200 and answer.url.path == "/units"


def test_an_admin_adds_a_user_who_can_log_in_and_is_made_to_change_the_password(tmp_path):
    made = world(tmp_path)
    admin = client_as(made, "admin")
    token = token_on(admin.get("/settings/users"))
    answer = admin.post("/settings/users", data={"csrf": token, "name": "wang", "display": "王联络", "role": "unit", "unit": "zy"})
    password = answer.text.split('class="secret"><code>')[1].split("<")[0]
    assert "这是初始密码" in log_in(client_of(made), "wang", password).text
    assert made.store.user("wang")[0].unit_id == "zy"
    for wrong in ({"name": "wang", "role": "duty"}, {"name": "a b", "role": "duty"}, {"name": "neu", "role": "king"},
        {"name": "neu", "role": "unit", "unit": "none"}):
        assert admin.post("/settings/users", data={"csrf": token, **wrong}).status_code == 400
    again = admin.post("/settings/users/reset", data={"csrf": token, "name": "wang"})
    assert password not in again.text and log_in(client_of(made), "wang", password).status_code == 401
    admin.post("/settings/users/active", data={"csrf": token, "name": "wang", "on": ""})
    assert not made.store.user("wang")[0].active
    assert admin.post("/settings/users/active", data={"csrf": token, "name": "admin", "on": ""}).status_code == 400
