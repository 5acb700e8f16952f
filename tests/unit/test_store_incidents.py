"""Incidents and the ledger: what is written once stays written."""

from dataclasses import replace

import pytest

from model.alert import IncidentState, Level
from pipelines.store import StoreError
from store_samples import NOW, credit, incident, later, record, saved


def opened(store, **fields):
    with store.write() as w:
        incident_id = w.new_incident(incident(**fields))
        w.log(incident_id, "系统", "opened", "新舆情", NOW, {"level": 3})
    return incident_id


def test_an_incident_comes_back_as_it_was_given(store):
    given = incident(units=("u1", "u2"), topic="T02", severity=2, reason="词：死亡", level_reason="5 家媒体", top_tier="central",
                     due_at=later(minutes=30))
    with store.write() as w:
        story = w.new_story("t", NOW)
        given = replace(given, stories=(story,))
        incident_id = w.new_incident(given)
        assert w.incident_of_story(story) == w.incident(incident_id) == replace(given, id=incident_id)
        assert w.incident_of_story(story + 1) is None
    assert store.incident(incident_id) == replace(given, id=incident_id)
    assert store.incident(99) is None


def test_saving_changes_all_but_never_unlinks_a_story(store):
    with store.write() as w:
        first, second = w.new_story("一", NOW), w.new_story("二", NOW)
        incident_id = w.new_incident(incident(stories=(first,)))
        before = w.incident(incident_id)
        w.link_story(incident_id, second)
        w.link_story(incident_id, second)
        w.save_incident(replace(before, level=Level.I, units=("u9",), state=IncidentState.SIGNED, signed_by="王",
                                signed_at=later(minutes=3)))
    kept = store.incident(incident_id)
    assert (kept.level, kept.units, kept.state, kept.signed_by, kept.stories) == (Level.I, ("u9",), IncidentState.SIGNED, "王",
                                                                                  (first, second))
    assert [i.id for i in store.incidents(unit_id="u9")] == [incident_id]
    assert store.incidents(unit_id="u1") == []


def test_lists_by_state_time_and_limit(store):
    a = opened(store, opened_at=later(days=-10), updated_at=later(days=-10))
    b = opened(store, state=IncidentState.CLOSED, updated_at=later(days=-5), opened_at=later(days=-6))
    c = opened(store, opened_at=later(hours=1), updated_at=later(hours=1))
    assert [i.id for i in store.incidents()] == [c, b, a]
    assert [i.id for i in store.incidents(states=("open",), limit=1)] == [c]
    assert [i.id for i in store.incidents_between(later(days=-7), later(hours=1))] == [b]
    with store.write() as w:
        assert [i.id for i in w.incidents_since(later(days=-1))] == [c, a]
        assert [i.id for i in w.incidents_since(later(days=-6))] == [c, b, a]


def test_events_are_told_in_order_after_a_mark(store):
    incident_id = opened(store)
    mark = store.last_event_id()
    with store.write() as w:
        w.log(incident_id, "王", "signed", "签收", later(minutes=1))
        w.log(incident_id, "王", "note", "已联系", later(minutes=2))
    assert [(e.what, e.who, e.at) for e in store.events_after(mark)] == [("signed", "王", later(minutes=1)), ("note", "王", later(minutes=2))]
    assert len(store.events_after(mark, limit=1)) == 1
    assert [e.data for e in store.incident_events(incident_id)] == [{"level": 3}, {}, {}]
    assert store.last_event_id() == mark + 2


def test_the_mark_of_change_grows_with_clipping_incident_and_ledger(store):
    marks = [store.change_mark()]
    saved(store, record())
    marks.append(store.change_mark())
    incident_id = opened(store)
    marks.append(store.change_mark())
    with store.write() as w:
        w.log(incident_id, "王", "note", "x", NOW)
    marks.append(store.change_mark())
    with store.write() as w:
        w.add_ledger(credit())
    marks.append(store.change_mark())
    assert marks == sorted(set(marks))
    assert store.change_mark() == marks[-1]


def test_ledger_rows_are_found_by_unit_period_story_and_time(store):
    with store.write() as w:
        a = w.add_ledger(credit("u1"))
        b = w.add_ledger(credit("u2", story_id=2, at=later(days=1)))
        c = w.add_ledger(credit("u1", period="2027Q1", at=later(days=60), cents=-600, corrects=a))
        assert [r.id for r in w.ledger_of_story(1)] == [a, c]
    assert [r.id for r in store.ledger()] == [c, b, a]
    assert [r.id for r in store.ledger(unit_id="u1", period="2026Q4")] == [a]
    assert [r.id for r in store.ledger_between(NOW, later(days=60))] == [a, b]
    assert store.ledger(limit=1)[0] == replace(credit("u1", period="2027Q1", at=later(days=60), cents=-600, corrects=a), id=c)


@pytest.mark.parametrize("statement", ["UPDATE ledger SET cents = 1", "DELETE FROM ledger", "DELETE FROM incident_event",
                                       "UPDATE incident_event SET text = ''", "DELETE FROM audit", "UPDATE audit SET result = 'ok'"])
def test_records_can_only_grow(store, statement):
    opened(store)
    with store.write() as w:
        w.add_ledger(credit())
    store.audit("王", "login", "", "failed", NOW)
    with pytest.raises(StoreError, match="只能追加"):
        with store.db.write() as conn:
            conn.exec_driver_sql(statement)
