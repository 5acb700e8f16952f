"""Policy watches: what was said with the words in the days, a line a day, an end by itself with a report."""

from datetime import timedelta

import pytest

from duty_room import NOON, Room
from model.duty import Watch
from model.opinion import Label
from alerts.watches import Watches

WATCH = Watch("price", "收费调整", ("收费", "挂号费"), "2026-11-19", "2026-11-21")


@pytest.fixture
def room(tmp_path):
    made = Room(tmp_path)
    made.rules(watches=(WATCH,))
    for title, fields in (("市人民医院调整收费标准", {"label": Label.POSITIVE}), ("患者质疑收费", {}), ("挂号费怎么定", {"outlet": "wang", "label": Label.POSITIVE}),
                          ("医院开设夜间门诊", {"label": Label.POSITIVE})):
        made.clip(title, **fields)
    return made


def desk(room) -> Watches:
    return Watches(room.store, lambda: room.bureau, room.clock)


def test_a_watch_counts_what_was_said_in_its_days(room):
    report = desk(room).report(WATCH)
    assert (report["total"], report["negative"], report["outlets"], report["ended"]) == (3, 1, 2, False)
    assert dict((d, (n, bad)) for d, n, bad in report["days"])["2026-11-20"] == (3, 1)
    assert sum(n for _, n, _ in report["days"]) == report["total"] == sum(n for _, n in report["tiers"])
    assert "夜间门诊" not in " ".join(c.article.title for c in report["clippings"])


def test_a_watch_of_some_units_leaves_the_others_out(room):
    room.clip("中医院收费公示", unit="zy", label=Label.POSITIVE)
    from dataclasses import replace
    assert desk(room).report(replace(WATCH, units=("zy",)))["total"] == 1


def test_a_line_a_day_and_the_report_at_the_end_each_once(room):
    room.clock.pass_by(days=1)
    assert desk(room).daily() == 2
    assert desk(room).daily() == 0
    assert [(n.day, n.text) for n in room.store.watch_notes("price")] == [("2026-11-19", "11月19日，未见报道"), ("2026-11-20", "11月20日，2 家媒体刊发 3 篇，负面 1 篇")]
    room.clock.pass_by(days=5)
    assert desk(room).daily() == 2 and desk(room).daily() == 0
    end = room.store.watch_notes("price")[-1]
    assert (end.kind, end.day, end.data["total"], end.data["ended"]) == ("end", "2026-11-21", 3, True) and "刊发 3 篇" in end.text
    assert "到期" in room.store.duty_events(NOON, NOON + timedelta(days=9))[-1].text
