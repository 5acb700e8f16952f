"""/live: an event comes as it happens, and after a break nothing is missed."""

import json
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


def test_the_page_names_the_event_it_was_drawn_after(made):
    made.alarm("云川市人民医院的纠纷")
    assert f'data-live="/live?after={made.store.last_event_id()}"' in client_as(made, "duty").get("/").text


def test_a_page_that_asks_by_itself_does_not_keep_its_session_young(made):
    client = client_as(made, "duty")
    made.clock.at += timedelta(minutes=40)
    assert client.get("/today/incidents", headers={"hx-request": "true"}).status_code == 200
    made.clock.at += timedelta(minutes=40)
    assert client.get("/today/incidents", headers={"hx-request": "true"}).status_code == 401
