"""Who is told: the tree of routes, people and groups, who is on duty; quiet hours; reminders that signing stops."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from alerts.message import masked
from alerts.routes import Occasion, chosen, targets
from alerts.telling import send_bundles
from alerts.times import end_of, local, within
from duty_room import CHANNELS, NOON, RULES, Room
from model.alert import ChannelConfig, Level
from model.duty import Quiet, Route, Shift

NIGHT = datetime(2026, 11, 20, 15, 0, tzinfo=timezone.utc)        # 23:00 in China
SHIFT = Shift(1, NOON - timedelta(hours=4), NOON + timedelta(hours=20), "wang", ("li",))
TREE = (Route(("duty",), levels=(Level.I,), go_on=True),
        Route(("office",), hours="08:30-17:30", days="work", routes=(Route(("zhang",), units=("zy",)), Route(("li",), topics=("T07",)))),
        Route(("@officers",)))


def occasion(**fields) -> Occasion:
    return Occasion(**{"level": Level.III, "units": ("yy",), "topic": "T01", "at": local(NOON), "works": True, "shift": SHIFT, **fields})


@pytest.mark.parametrize("fields, names", [
    ({}, ("office",)), ({"units": ("zy", "yy")}, ("zhang",)), ({"topic": "T07"}, ("li",)), ({"at": local(NIGHT)}, ("@officers",)),
    ({"works": False}, ("@officers",)), ({"level": Level.I}, ("duty", "office")),
])
def test_the_first_route_that_matches_decides_and_its_children_before_it(fields, names):
    assert chosen(TREE, occasion(**fields)) == names


def reached(names, **fields):
    return targets(RULES, CHANNELS, occasion(**fields), names)


def test_names_lead_to_channels_and_what_stands_behind_them():
    assert reached(("zhang",)) == [("phone-zhang", "duty")]
    assert reached(("office",)) == [("duty",), ("phone-zhang", "duty"), ("phone-li",)]
    assert reached(("@officers", "@leader")) == [("phone-li",), ("phone-wang",)]
    chained = (ChannelConfig("a", "wecom", next="b"), ChannelConfig("b", "mail", next="a"))
    assert targets(RULES, chained, occasion(), ("a",)) == [("a", "b")]


def test_nobody_reached_means_everybody():
    everybody = [(c.id,) for c in CHANNELS]
    assert reached(("@officers",), shift=None) == everybody
    assert targets(replace(RULES, routes=(Route(("zhang",), levels=(Level.I,)),)), CHANNELS, occasion()) == everybody


def test_a_channel_with_bounds_of_its_own_keeps_them():
    bound = (ChannelConfig("a", "mail", min_level=Level.II), ChannelConfig("b", "mail", units=("zy",)), ChannelConfig("c", "mail"))
    assert targets(replace(RULES, people=(), groups=()), bound, occasion()) == [("c",)]
    assert targets(replace(RULES, people=(), groups=()), bound, occasion(level=Level.I, units=("zy",))) == [("a",), ("b",), ("c",)]


def test_spans_of_hours_go_over_midnight():
    assert within("22:00-07:30", local(NIGHT)) and not within("22:00-07:30", local(NOON)) and within("00:00-24:00", local(NIGHT))
    assert end_of("22:00", "07:30", NIGHT) == NIGHT + timedelta(hours=8, minutes=30)
    assert end_of("22:00", "07:30", NOON) is None and end_of("", "", NIGHT) is None


@pytest.fixture
def room(tmp_path):
    made = Room(tmp_path)
    made.rules(quiet=Quiet("22:00", "07:30"), routes=(Route(("duty",)),))
    made.roster.put([Shift(0, NOON - timedelta(hours=4), NOON + timedelta(days=2), "王主任", ("li",))], "甲")
    return made


def test_quiet_hours_hold_common_ones_until_morning_in_one_bundle(room):
    room.clock.at = NIGHT
    first, second = room.alarm("夜里一件"), room.alarm("夜里两件")
    room.spread(first, 5)
    room.clock.pass_by(hours=3)
    room.desk.tick()
    room.desk.escalate()
    assert room.waiting() == [] and send_bundles(room.store, room.clock.now()) == 0
    room.clock.at = NIGHT + timedelta(hours=8, minutes=31)
    assert send_bundles(room.store, room.clock.now()) == 3
    task, = room.waiting()
    assert task.payload["channel"] == "duty" and "夜间舆情汇总：2 件" in task.payload["title"]
    assert set(task.payload["contains"]) == {f"incident:{i}:{e.id}" for i in (first, second) for e in room.events(i, "ring")}
    assert task.payload["body"].index("夜里一件") < task.payload["body"].index("夜里两件"), "the gravest first"
    assert send_bundles(room.store, room.clock.now()) == 0


def test_grave_ones_are_told_at_any_hour(room):
    room.clock.at = NIGHT
    incident = room.alarm("夜里一件")
    assert room.told() == set()
    room.spread(incident, 1, outlet="guojia", tier="central")
    assert room.told() == {"duty"}
    room.rules(quiet=Quiet("22:00", "07:30", (Level.I, Level.II, Level.III)))
    room.alarm("央媒", outlet="guojia", tier="central")
    assert room.told() == {"duty"}, "not even when the rules say otherwise"


def test_unsigned_goes_to_the_next_then_the_leader_then_reminds(room):
    incident = room.alarm()
    sign = room.bureau.settings.sign_minutes[4]
    assert room.told() == {"duty"}
    told = []
    for minutes in (sign - 1, 2, sign, 30, 30, 300):
        room.clock.pass_by(minutes=minutes)
        room.desk.escalate()
        room.desk.escalate()
        told.append(room.told())
    assert told == [set(), {"phone-li"}, {"phone-wang"}, {"phone-wang", "phone-li"}, {"phone-wang", "phone-li"}, {"phone-wang", "phone-li"}]
    assert [e.data["step"] for e in room.events(incident, "escalated")] == [1, 2, 3, 4, 5]
    room.clock.pass_by(hours=9)
    room.desk.escalate()
    assert room.told() == set(), "bounded"


def test_signing_stops_the_reminders(room):
    incident = room.alarm()
    room.told()
    room.desk.sign(incident, "甲")
    room.clock.pass_by(hours=9)
    room.desk.escalate()
    assert room.told() == set()


def test_the_wait_of_what_was_held_begins_in_the_morning(room):
    room.clock.at = NIGHT
    incident = room.alarm()
    room.clock.at = NIGHT + timedelta(hours=8, minutes=31)
    room.desk.escalate()
    assert room.events(incident, "escalated") == []
    room.clock.pass_by(minutes=60)
    room.desk.escalate()
    assert len(room.events(incident, "escalated")) == 1


def test_without_a_roster_the_reminder_goes_where_the_ring_went(tmp_path):
    room = Room(tmp_path)
    room.alarm()
    room.told()
    room.clock.pass_by(minutes=61)
    room.desk.escalate()
    assert room.told() == {c.id for c in CHANNELS}


def test_an_assignment_is_told_to_the_people_of_the_unit(tmp_path):
    room = Room(tmp_path)
    room.rules(routes=(Route(("li",), units=("yy",)), Route(("duty",))))
    incident = room.alarm(unit="zy")
    assert room.told() == {"duty"}
    room.desk.sign(incident, "甲")
    room.desk.judge(incident, "甲", "属实")
    room.desk.assign(incident, "甲", ["yy"], [], "查明", None)
    assert room.told() == {"phone-li"}


def test_numbers_of_people_are_masked_in_what_goes_out():
    assert masked("电话13812345678，身份证36070219800101123X，热线12345，第20261121号") == "电话138****5678，身份证360702********123X，热线12345，第20261121号"
