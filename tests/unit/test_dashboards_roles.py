"""Who may see and do what."""

from dataclasses import replace
from datetime import timedelta

import pytest
from dashboards_office import client_as, token_on, world
from model.alert import IncidentState

SEEN = {
    "/": "admin duty secretariat reader", "/incidents": "admin duty secretariat reader unit", "/incidents/1": "admin duty secretariat reader unit",
    "/wall": "admin duty secretariat reader", "/duty": "admin duty secretariat reader", "/watches": "admin duty secretariat reader",
    "/incidents/1/papers/kuaibao/docx": "admin duty secretariat reader", "/papers/day": "admin duty secretariat reader", "/incidents/new": "admin duty",
    "/clippings": "admin duty secretariat reader unit", "/outlets": "admin duty secretariat reader",
    "/digest": "admin duty secretariat reader",
    "/digest/2026-W47/xlsx": "admin duty secretariat reader", "/credits": "admin duty secretariat reader unit",
    "/settings": "admin duty secretariat",
    "/settings/channels": "admin duty secretariat", "/settings/users": "admin", "/settings/audit": "admin",
    "/today/needs": "admin duty secretariat reader",
}
ROLES = ("admin", "duty", "secretariat", "reader", "unit")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    made = world(tmp_path_factory.mktemp("roles"))
    made.fill()
    return made


@pytest.fixture
def fresh(tmp_path):
    made = world(tmp_path)
    made.alarm("云川市人民医院的纠纷")
    return made


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_its_pages_and_no_others(made, role):
    client = client_as(made, role)
    for path, roles in SEEN.items():
        answer = client.get(path, follow_redirects=False)
        if role in roles.split():
            assert answer.status_code == 200, (role, path, answer.status_code)
        elif path == "/":
            assert answer.headers["location"] == "/clippings"
        else:
            assert answer.status_code == 403 and "没有权限" in answer.text, (role, path)


def test_the_menu_shows_only_what_may_be_opened(made):
    for role in ROLES:
        client = client_as(made, role)
        text = client.get("/clippings").text
        menu = text.split("<nav class=\"side\"")[1].split("</nav>")[0]
        for part in menu.split('href="')[1:]:
            assert client.get(part.split('"')[0]).status_code == 200


def test_a_liaison_sees_the_clippings_and_points_of_their_unit_alone(made):
    client = client_as(made, "unit")
    mine, other = made.numbers["云川市人民医院开设夜间门诊"], made.numbers["云川市中医院义诊走进东桥社区"]
    assert client.get(f"/clippings/{mine}").status_code == 200 and client.get(f"/archive/{mine}").status_code == 200
    assert client.get(f"/clippings/{other}").status_code == 404 and client.get(f"/archive/{other}").status_code == 404
    for query in ("", "unit=zy", "q=义诊", "outlet=guojia"):
        text = client.get(f"/clippings?{query}").text
        assert "义诊走进东桥社区" not in text, query
    assert client.get("/units").url.path == "/units/yy" and client.get("/units/zy").status_code == 404
    credits = client.get("/credits?unit=zy").text
    assert "市中医院" not in credits and "10.00" not in credits and "市级媒体 3.00" in credits


def test_a_liaison_without_a_unit_sees_nothing_of_anybody(made, tmp_path):
    lost = world(tmp_path)
    lost.clip("云川市人民医院的一篇")
    held = lost.store.user("unit")[0]
    lost.store.save_user(type(held)(held.id, held.name, held.display, held.role, ""), None)
    client = client_as(lost, "unit")
    assert "共 <b>0</b> 篇" in client.get("/clippings").text
    assert client.get("/clippings/1").status_code == 404 and client.get("/units").status_code == 403
    assert "市人民医院" not in client.get("/credits").text


@pytest.mark.parametrize("role", ["reader", "secretariat", "unit"])
def test_only_the_desk_signs_and_closes(fresh, role):
    client = client_as(fresh, role)
    data = {"csrf": token_on(client.get("/password")), "text": "x"}
    for what in ("sign", "close", "false-alarm"):
        assert client.post(f"/incidents/1/{what}", data=data).status_code == 403
    assert fresh.store.incident(1).state is IncidentState.OPEN
    assert "签收</button>" not in client.get("/clippings").text


def test_only_admin_makes_users(fresh):
    for role in ("duty", "secretariat", "reader", "unit"):
        client = client_as(fresh, role)
        assert client.post("/settings/users", data={"csrf": token_on(client.get("/password")), "name": "x1",
            "role": "admin"}).status_code == 403
    assert len(fresh.store.users()) == 5


def test_an_incident_goes_from_signed_to_closed_with_its_record(fresh):
    client = client_as(fresh, "duty")
    page = client.get("/incidents/1")
    token = token_on(page)
    assert "签收" in page.text and "Ⅳ" in page.text
    assert client.post("/incidents/1/sign", data={"csrf": token}).status_code == 200
    assert fresh.store.incident(1).state is IncidentState.SIGNED and fresh.store.incident(1).signed_by == "舆情值班甲"
    assert client.post("/incidents/1/sign", data={"csrf": token}).status_code == 409
    assert client.post("/incidents/1/close", data={"csrf": token, "text": "  "}).status_code == 400
    assert fresh.store.incident(1).state is IncidentState.SIGNED
    client.post("/incidents/1/note", data={"csrf": token, "text": "已联系院方"})
    done = client.post("/incidents/1/close", data={"csrf": token, "text": "已公开回应"})
    assert done.status_code == 200 and fresh.store.incident(1).state is IncidentState.CLOSED
    for said in ("签收", "已联系院方", "已公开回应", "办结"):
        assert said in done.text
    assert client.post("/incidents/1/false-alarm", data={"csrf": token, "text": "晚了"}).status_code == 409
    assert {"incident_sign", "incident_note", "incident_close"} <= {row[2] for row in fresh.store.audit_rows(50)}


@pytest.mark.parametrize("state", IncidentState)
def test_a_case_is_at_the_desk_until_it_is_shut_whatever_its_step(fresh, state):
    with fresh.store.write() as w:
        w.save_incident(replace(fresh.store.incident(1), state=state))
    client = client_as(fresh, "duty")
    title = "云川市人民医院的纠纷"
    assert (title in client.get("/today/incidents").text) == state.is_open
    assert (title in client.get("/incidents/rows").text) == state.is_open
    assert title in client.get("/incidents/rows?state=all").text
    tabs = [tab for tab in ("open", "handling", "closed", "false_alarm") if title in client.get(f"/incidents/rows?state={tab}").text]
    assert len(tabs) == 1, tabs
    page = client.get("/incidents/1").text
    assert state.label in page and ("办结意见" in page) == (state.is_open and state is not IncidentState.OPEN)    # nobody shuts what nobody signed


def test_a_refusal_of_the_desk_is_shown_in_its_own_words(fresh):
    class Strict(type(fresh.desk)):
        def close(self, incident_id, who, opinion):
            raise ValueError("该事件须先回应")

    desk = fresh.desk
    fresh.office = replace(fresh.office, desk=Strict(desk.store, desk.bureau, desk.same_event, desk.clock, desk.address))
    client = client_as(fresh, "duty")
    client.post("/incidents/1/sign", data={"csrf": token_on(client.get("/incidents/1"))})
    answer = client.post("/incidents/1/close", data={"csrf": token_on(client.get("/incidents/1")), "text": "我写的意见"})
    assert answer.status_code == 409 and "该事件须先回应" in answer.text and "我写的意见" in answer.text


def test_a_false_alarm_needs_its_reason(fresh):
    client = client_as(fresh, "admin")
    token = token_on(client.get("/incidents/1"))
    assert "须写明理由" in client.post("/incidents/1/false-alarm", data={"csrf": token, "text": ""}).text
    client.post("/incidents/1/false-alarm", data={"csrf": token, "text": "说的是外省医院"})
    assert fresh.store.incident(1).state is IncidentState.FALSE_ALARM
    assert "说的是外省医院" in client.get("/incidents/1").text


def test_two_desks_signing_at_once_are_told_who_was_quicker(fresh):
    first, second = client_as(fresh, "duty"), client_as(fresh, "admin")
    token = token_on(second.get("/incidents/1"))
    first.post("/incidents/1/sign", data={"csrf": token_on(first.get("/incidents/1"))})
    fresh.clock.at += timedelta(minutes=1)
    answer = second.post("/incidents/1/sign", data={"csrf": token})
    assert answer.status_code == 409 and "已由他人处理" in answer.text and fresh.store.incident(1).signed_by == "舆情值班甲"
