"""/live: an event comes as it happens, and after a break nothing is missed."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from dashboards_office import client_as, world


@pytest.fixture
def made(tmp_path):
    return world(tmp_path)


def told(client, count, path="/live", headers=None, then=lambda: None):
    """The first `count` incident events of the stream as (id, data); `then` is done once the stream is open."""
    found, number = [], ""
    with client.stream("GET", path, headers=headers or {}) as answer:
        assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/event-stream")
        kind = ""
        for line in answer.iter_lines():
            if line.startswith("retry"):
                then()
            elif line.startswith("id: "):
                number = line[4:]
            elif line.startswith("event: "):
                kind = line[7:]
            elif line.startswith("data: ") and kind == "incident":
                found.append((int(number), json.loads(line[6:])))
                if len(found) == count:
                    return found
    return found


def test_a_new_alert_reaches_an_open_page(made):
    client = client_as(made, "duty")
    (number, data), = told(client, 1, then=lambda: made.alarm("云川市人民医院的纠纷<b>"))
    assert number == made.store.events_after(0)[0].id
    assert data["title"] == "云川市人民医院的纠纷<b>" and data["roman"] == "Ⅳ" and data["state"] == "open" and data["incident"] == 1


def test_a_page_that_was_away_catches_up_by_the_last_event_id(made):
    made.alarm("云川市人民医院的纠纷")
    made.desk.note(1, "甲", "一")
    made.desk.note(1, "甲", "二")
    ids = [e.id for e in made.store.events_after(0)]
    client = client_as(made, "reader")
    assert [n for n, _ in told(client, len(ids), "/live?after=0")] == ids
    missed = told(client, 1, "/live?after=0", headers={"Last-Event-ID": str(ids[-2])})
    assert [(n, d["text"]) for n, d in missed] == [(ids[-1], "二")]


def test_a_ring_of_a_case_that_somebody_has_signed_still_calls_and_one_that_is_over_does_not(made):
    number = made.alarm("云川市人民医院的纠纷")
    made.desk.sign(number, "甲")
    made.desk.note(number, "甲", "备注")
    client = client_as(made, "duty")
    rings = {d["what"]: d["rings"] for _, d in told(client, 4, "/live?after=0")}
    assert rings == {"opened": True, "ring": True, "signed": False, "note": False}
    made.desk.close(number, "甲", "平息")
    last = made.store.last_event_id()
    assert [d["rings"] for _, d in told(client, last, "/live?after=0") if d["what"] == "ring"] == [False]


def test_a_unit_is_called_for_what_it_is_given_and_hears_of_no_other_case(made):
    own, other = made.alarm("云川市人民医院的纠纷"), made.alarm("云川市中医院的纠纷", unit="zy")
    for number, units in ((own, ["yy"]), (other, ["zy"])):
        made.desk.sign(number, "甲")
        made.desk.judge(number, "甲", "内部研判意见")
        made.desk.assign(number, "甲", units, [], "核实", None)
    made.desk.note(own, "甲", "内部备注")
    made.desk.feedback(other, "丙", "zy", "别家的反馈")
    made.desk.feedback(own, "乙", "yy", "已核实")
    found = [d for _, d in told(client_as(made, "unit"), 4, "/live?after=0")]
    assert {d["incident"] for d in found} == {own}
    assert [(d["what"], d["rings"]) for d in found] == [("opened", False), ("signed", False), ("assigned", True), ("feedback", False)]
    assert "内部" not in str(found) and "别家" not in str(found) and found[2]["text"] == "要求：核实"
    lost = made.store.user("unit")[0]
    made.store.save_user(replace(lost, unit_id=""), None)
    with client_as(made, "unit").stream("GET", "/live?after=0") as answer:
        said = [line for line, _ in zip(answer.iter_lines(), range(4))]
    assert not any("incident" in line for line in said)


def test_the_page_names_the_event_it_was_drawn_after(made):
    made.alarm("云川市人民医院的纠纷")
    assert f'data-live="/live?after={made.store.last_event_id()}"' in client_as(made, "duty").get("/").text


def test_a_page_that_asks_by_itself_does_not_keep_its_session_young(made):
    client = client_as(made, "duty")
    made.clock.at += timedelta(minutes=40)
    assert client.get("/today/incidents", headers={"hx-request": "true"}).status_code == 200
    made.clock.at += timedelta(minutes=40)
    assert client.get("/today/incidents", headers={"hx-request": "true"}).status_code == 401
