"""Clocks of a case: from first seen, by level and kind; they end met or missed, and a missed one rings once."""

from datetime import timedelta

import pytest

from duty_room import NOON, Room
from model.alert import ClockState, Level


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path)


def clocks(room, incident):
    return {c.clock: (c.state.value, c.ended_at) for c in room.store.case_clocks(incident)}


def test_the_level_decides_which_clocks_run_from_first_seen(room):
    common, grave = room.alarm(), room.alarm("央媒", outlet="guojia", tier="central")
    assert [(c.clock, c.due_at) for c in room.store.case_clocks(common)] == [("answer", NOON + timedelta(hours=48))]
    assert [(c.clock, c.due_at) for c in room.store.case_clocks(grave)] == [("leaders", NOON + timedelta(hours=1)), ("word", NOON + timedelta(hours=5))]


def test_clocks_that_a_risen_level_brings_also_start_at_first_seen(room):
    incident = room.alarm()
    room.clock.pass_by(minutes=30)
    room.spread(incident, 1, outlet="guojia", tier="central")
    assert {c.clock: c.due_at for c in room.store.case_clocks(incident)}["leaders"] == NOON + timedelta(hours=1)


def test_the_kind_found_at_judging_starts_its_clocks(room):
    incident = room.alarm()
    room.desk.sign(incident, "甲")
    room.desk.judge(incident, "甲", "内部文件外传", "leak")
    assert "leak" in clocks(room, incident)


def test_a_step_in_time_ends_its_clock_as_met(room):
    incident = room.alarm()
    room.desk.sign(incident, "甲")
    room.clock.pass_by(hours=10)
    room.desk.answer(incident, "甲", "说明", "官网", "文字")
    assert clocks(room, incident) == {"answer": ("met", room.clock.now())}
    assert "按时，用时 10 小时" in room.events(incident, "clock")[0].text


def test_a_time_that_is_over_is_missed_rings_once_and_a_late_step_is_told_as_late(room):
    incident = room.alarm()
    room.desk.sign(incident, "甲")
    room.clock.pass_by(hours=48, minutes=1)
    for _ in range(2):
        room.desk.tick()
    assert clocks(room, incident) == {"answer": ("missed", None)} and room.rings(incident) == [["opened"], ["overdue"]]
    assert "已过时限：舆情回应" in room.events(incident, "ring")[1].text
    room.clock.pass_by(hours=2)
    room.desk.answer(incident, "甲", "说明", "官网", "文字")
    assert clocks(room, incident) == {"answer": ("missed", room.clock.now())}
    assert "迟报 2 小时 1 分钟" in room.events(incident, "clock")[-1].text


def test_closing_ends_what_runs_and_counts_are_kept_for_the_report(room):
    met, late = room.alarm(), room.alarm("另一件")
    room.desk.sign(met, "甲")
    room.desk.close(met, "甲", "平息")
    room.clock.pass_by(hours=49)
    room.desk.tick()
    room.desk.sign(late, "甲")
    room.desk.close(late, "甲", "平息")
    assert clocks(room, met)["answer"][0] == "met" and clocks(room, late) == {"answer": ("missed", room.clock.now())}
    counts = room.store.clock_counts(NOON, NOON + timedelta(days=9))["舆情回应"]
    assert (counts["met"], counts["missed"], counts["running"]) == (1, 1, 0)


def test_a_lowered_level_stops_no_clock(room):
    incident = room.alarm(outlet="guojia", tier="central")
    room.desk.set_level(incident, "甲", Level.IV, "影响有限")
    assert set(clocks(room, incident)) == {"leaders", "word", "answer"}
    assert {s for s, _ in clocks(room, incident).values()} == {ClockState.RUNNING.value}


def test_an_assignment_has_its_own_clock_until_the_unit_reports_back(room):
    incident = room.alarm()
    room.desk.sign(incident, "甲")
    room.desk.judge(incident, "甲", "属实")
    room.desk.assign(incident, "甲", ["yy"], [], "查明", room.clock.now() + timedelta(hours=3))
    assert room.incident(incident).due_at == room.clock.now() + timedelta(hours=3)
    room.clock.pass_by(hours=4)
    room.desk.tick()
    assert clocks(room, incident)["feedback:yy"] == ("missed", None) and "反馈（市人民医院）" in room.events(incident, "ring")[-1].text
    room.desk.assign(incident, "甲", ["yy"], [], "再查", room.clock.now() + timedelta(hours=3))
    assert clocks(room, incident)["feedback:yy"] == ("running", None)
    room.desk.feedback(incident, "丙", "yy", "已查")
    assert clocks(room, incident)["feedback:yy"][0] == "met"


def test_the_next_due_is_the_time_to_sign_then_the_nearest_clock(room):
    incident = room.alarm(outlet="guojia", tier="central")
    assert room.incident(incident).due_at == NOON + timedelta(minutes=room.bureau.settings.sign_minutes[2])
    room.desk.sign(incident, "甲")
    assert room.incident(incident).due_at == NOON + timedelta(hours=1)
    room.desk.report_up(incident, "甲", "已电话报告")
    assert room.incident(incident).due_at == NOON + timedelta(hours=5)
    room.desk.close(incident, "甲", "平息")
    assert room.incident(incident).due_at is None


def test_running_clocks_come_nearest_first(room):
    room.alarm(), room.alarm("央媒", outlet="guojia", tier="central")
    assert [c.clock for c in room.store.running_clocks()] == ["leaders", "word", "answer"]
    assert [c.clock for c in room.store.running_clocks(NOON + timedelta(hours=2))] == ["leaders"]
    assert room.store.running_clocks()[0].left_s(NOON) == 3600


def test_merging_an_earlier_case_sets_the_clock_earlier(room):
    early = room.alarm("早")
    room.clock.pass_by(hours=1)
    late = room.alarm("晚")
    room.desk.merge(early, late, "甲", "同一件事")
    assert room.store.case_clocks(late)[0].due_at == NOON + timedelta(hours=48)
