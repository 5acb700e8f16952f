"""Incidents: one event one alert; it rings again only for a reason, and each ring says which."""

from dataclasses import replace
from datetime import timedelta

import pytest

from duty_room import Room
from model.alert import IncidentState, Level
from model.duty import Sensitive
from model.opinion import Label


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path)


def test_the_first_negative_piece_opens_one_and_says_why(room):
    held = room.incident(room.alarm())
    assert (held.state, held.level, held.units, held.outlets, held.articles) == (IncidentState.OPEN, Level.IV, ("yy",), 1, 1)
    assert "质疑" in held.reason and held.level_reason == "一家：媒体数1≥1"
    assert room.rings(held.id) == [["opened"]]


@pytest.mark.parametrize("fields", [{"label": Label.POSITIVE}, {"label": Label.RISK, "severity": 3}])
def test_a_piece_that_blames_nobody_opens_none(room, fields):
    assert room.alarm(**fields) is None


def test_what_the_bureau_calls_sensitive_opens_one(room):
    room.rules(sensitive=Sensitive(severity=3))
    assert room.alarm(label=Label.RISK, severity=2) is None
    assert room.alarm("另一件", label=Label.RISK, severity=3)


def test_considering_a_piece_twice_changes_nothing(room):
    piece = room.clip()
    incident = room.desk.consider(piece)
    before = room.incident(incident), room.events(incident)
    room.clock.pass_by(hours=1)
    assert room.desk.consider(piece) == incident and (room.incident(incident), room.events(incident)) == before


def test_copies_feed_it_and_the_fifth_outlet_rings_with_both_reasons(room):
    incident = room.alarm()
    room.clock.pass_by(minutes=6)
    room.spread(incident, 3)
    assert room.rings(incident) == [["opened"]]
    room.spread(incident, 1)
    assert room.rings(incident)[1:] == [["level", "spread"]]
    held = room.incident(incident)
    assert (held.level, held.outlets, held.articles, held.level_reason) == (Level.III, 5, 5, "五家：媒体数5≥5")
    assert room.events(incident, "ring")[1].text == "等级由Ⅳ升为Ⅲ；传播达到5家媒体"


def test_each_mark_of_spreading_rings_once(room):
    incident = room.alarm()
    for number in (4, 15, 30, 40):
        room.clock.pass_by(minutes=6)
        room.spread(incident, number)
    assert [e.text.rpartition("；")[2] for e in room.events(incident, "ring")[1:]] == ["传播达到5家媒体", "传播达到20家媒体", "传播达到50家媒体"]


def test_copies_of_one_outlet_are_one_outlet(room):
    incident = room.alarm()
    room.spread(incident, 6, outlet="shi")
    assert (room.incident(incident).outlets, room.incident(incident).articles) == (1, 7)


def test_what_happens_close_together_rings_once_when_the_gap_is_over(room):
    incident = room.alarm()
    room.spread(incident, 6)
    assert room.incident(incident).level is Level.III and room.rings(incident) == [["opened"]]
    room.desk.tick()
    assert room.rings(incident) == [["opened"]]
    room.clock.pass_by(minutes=5)
    room.desk.tick()
    room.desk.tick()
    assert room.rings(incident) == [["opened"], ["level", "spread"]]


def test_a_central_outlet_rings_at_once(room):
    incident = room.alarm()
    room.spread(incident, 1, outlet="guojia", tier="central")
    assert room.rings(incident) == [["opened"], ["level", "central"]] and room.incident(incident).level is Level.II


def test_a_new_unit_in_the_same_happening_rings(room):
    room.alike |= {"患者质疑收费", "中医院也被质疑"}
    incident = room.alarm()
    room.clock.pass_by(minutes=10)
    assert room.alarm("中医院也被质疑", unit="zy", outlet="wang") == incident
    assert room.rings(incident)[1:] == [["unit"]] and room.incident(incident).units == ("yy", "zy")
    assert "同说一事" in room.events(incident, "joined")[0].text


def test_a_new_story_joins_the_happening_it_is_most_like(room):
    first = room.alarm("患者甲质疑收费")
    second = room.alarm("产妇乙讨说法")
    third = room.alarm("患者丙退费无门")
    assert len({first, second, third}) == 3
    room.alike = {"患者甲质疑收费", "产妇乙讨说法", "患者丙退费无门", "医院再回应"}
    room.liker = {("产妇乙讨说法", "医院再回应")}
    assert room.alarm("医院再回应") == second


def test_another_happening_is_another_incident(room):
    assert room.alarm() != room.alarm("另一件事")


def test_an_event_comes_back_after_closing_as_a_linked_new_case(room):
    room.alike |= {"患者质疑收费", "收费一事再起波澜"}
    old = room.alarm()
    room.desk.sign(old, "甲")
    room.desk.close(old, "甲", "已说明")
    room.clock.pass_by(days=3)
    new = room.alarm("收费一事再起波澜", outlet="wang")
    assert new != old and room.incident(new).previous == old and room.incident(old).state is IncidentState.CLOSED
    assert room.rings(new) == [["back"]] and str(old) in room.events(new, "ring")[0].text
    assert [i.id for i in room.store.linked_incidents(old)] == [new] and [i.id for i in room.store.linked_incidents(new)] == [old]
    assert room.events(old, "linked")


def test_a_closed_story_that_spreads_far_comes_back_and_is_fed_there(room):
    old = room.alarm()
    room.desk.sign(old, "甲")
    room.desk.close(old, "甲", "已说明")
    room.spread(old, 3)
    assert len(room.store.incidents()) == 1, "a few late copies bring nothing back"
    room.spread(old, 3)
    new, = (i for i in room.store.incidents() if i.id != old)
    assert new.previous == old and new.outlets == 7 and room.rings(new.id) == [["back"]]


def test_after_the_memory_it_is_a_new_event(room):
    room.alike |= {"患者质疑收费", "又一次"}
    old = room.alarm()
    room.desk.sign(old, "甲")
    room.desk.close(old, "甲", "已说明")
    room.clock.pass_by(days=15)
    assert room.incident(room.alarm("又一次", outlet="wang")).previous == 0


def test_a_lowered_level_stays_until_the_rules_come_to_more_than_ever(room):
    incident = room.alarm()
    room.spread(incident, 6)
    room.desk.set_level(incident, "甲", Level.IV, "内容轻微")
    room.spread(incident, 5)
    assert room.incident(incident).level is Level.IV and "内容轻微" in room.incident(incident).level_reason
    room.spread(incident, 10)
    assert room.incident(incident).level is Level.II


def test_a_level_is_never_lowered_by_itself(room):
    piece = room.clip(tier="central", outlet="guojia")
    incident = room.desk.consider(piece)
    assert room.incident(incident).level is Level.II
    room.bureau = replace(room.bureau, levels=room.bureau.levels[-1:])
    room.spread(incident, 1)
    assert room.incident(incident).level is Level.II


def test_hours_without_an_answer_raise_the_level(room):
    from model.alert import LevelRule
    room.bureau = replace(room.bureau, levels=(LevelRule(Level.II, {"unanswered": 24}, "一天未回应"), *room.bureau.levels))
    first, second = room.alarm(), room.alarm("另一件")
    room.desk.sign(second, "甲")
    room.desk.answer(second, "甲", "情况说明", "官网", "文字")
    room.clock.pass_by(hours=25)
    room.desk.review()
    assert [room.incident(i).level for i in (first, second)] == [Level.II, Level.IV]
    assert "未回应小时数25≥24" in room.incident(first).level_reason


def test_a_units_own_page_with_foreign_links_is_an_incident(room):
    incident = room.incident(room.alarm(label=Label.POSITIVE, tier="own", outlet="own", injected=("http://bet.example/",)))
    assert incident.kind == "defaced" and incident.title.startswith("网页被篡改") and incident.units == ("yy",)
    assert "bet.example" not in incident.reason + incident.title


def test_speed_counts_outlets_that_joined_within_an_hour(room):
    from alerts.gathering import speed
    incident = room.alarm()
    for _ in range(3):
        room.clock.pass_by(minutes=50)
        room.spread(incident, 1)
    room.spread(incident, 2)
    with room.store.write() as w:
        facts = w.copy_facts(room.incident(incident).stories)
    assert speed(facts) == 4


def test_events_that_come_back_within_hours_keep_their_first_seen(room):
    incident = room.alarm()
    seen = room.incident(incident).first_seen
    room.clock.pass_by(hours=2)
    room.spread(incident, 1)
    assert room.incident(incident).first_seen == seen and room.incident(incident).updated_at - seen >= timedelta(hours=2)
