"""A rehearsal over many articles: read once for both sides, in processes, within a time; each way tells what the slow way tells."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import count
from pathlib import Path

import pytest

from alerts.gathering import blame
from analysis.mentions import Names
from analysis.rehearsal import compare, lessons_changed
from analysis.ruled import RuledJudge
from app.rehearsing import LOT, Both, judged
from config.load import load_bureau
from model.lesson import Lesson
from model.rehearsal import Saved
from model.vocabulary import Gap, Rule

HOME = Path(__file__).resolve().parents[2]
BUREAU = load_bureau(HOME / "config" / "sample" / "bureau")
OLD = BUREAU.vocabulary
NAMED = {u.id: u.label for u in BUREAU.units}
NEWEST = datetime(2026, 1, 15, tzinfo=timezone.utc)


def articles(many, every=1):
    """Real labelled items, the body of each blamed in turn on a unit of the bureau, newest first."""
    names = Names(BUREAU.units, OLD.place_traps)
    items = [json.loads(line) for line in (HOME / "tests" / "corpus" / "opinion.jsonl").read_text(encoding="utf-8").splitlines()][::every][:many]
    for n, item in enumerate(items):
        text = item["text"].replace(item.get("target") or "医院", BUREAU.units[n % len(BUREAU.units)].name)
        yield Saved(n, item["title"], text, tuple(names.find(item["title"], text)), "报", NEWEST - timedelta(hours=n))


def with_topic(**words):
    return replace(OLD, topics=tuple(replace(t, **{role: getattr(t, role) + added for role, added in words.items()}) if t.id == "T04" else t for t in OLD.topics))


def with_extra(name, *words):
    return replace(OLD, extra={**OLD.extra, name: (*OLD.extra.get(name, ()), *words)})


CHANGES = {
    "a weak word of nearly every text": with_topic(weak=("医院", "患者")), "a strong word": with_topic(strong=("医生",)), "a masking phrase": with_topic(masked=("患者", "家属质疑", "投诉医院")),
    "a word of the frame": replace(OLD, frames=(*OLD.frames, "医生")), "a campaign": replace(OLD, flips={**OLD.flips, "F1": (*OLD.flips["F1"], "医院")}),
    "a pattern before the others": replace(OLD, gaps=(Gap("患者.{0,9}(不满|质疑)", "negative", "T04"), *OLD.gaps)), "an end of names": with_extra("generic_bodies", "家属", "专家"),
    "a word of health": with_extra("health_words", "的"), "a topic that only warns": with_extra("warning_topics", "T02"), "a word of disputes": with_extra("disputes", "医院"),
    "topics taken out": replace(OLD, topics=OLD.topics[2:]),
}


@pytest.mark.parametrize("new", CHANGES.values(), ids=CHANGES)
def test_read_beside_another_a_judge_says_what_it_says_alone(new):
    old, alone = RuledJudge(OLD), RuledJudge(new)
    beside, differ = RuledJudge(new, None, old), 0
    for a in articles(60, every=7):
        before = old.judge(a.title, a.text, a.mentions, NAMED)
        said = beside.judge(a.title, a.text, a.mentions, NAMED)
        assert said == alone.judge(a.title, a.text, a.mentions, NAMED)
        differ += said != before
    assert differ, "a change that changes nothing shows nothing"


NEW = replace(CHANGES["a weak word of nearly every text"], rules=(Rule("停诊", words=("推诿", "投诉"), effect="negative", topic="T04"),))


def slowly(held, lessons=()):
    """One judge a side, one article after the other."""
    old, new = RuledJudge(OLD), RuledJudge(NEW)
    made = compare(old, new, held, lambda said: blame(said, BUREAU.duty.sensitive), NAMED)
    return replace(made, lessons=tuple(lessons_changed(old, new, lessons, lambda lesson: ())))


def test_in_processes_of_its_own_it_tells_what_the_slow_way_tells():
    held = list(articles(130))
    lessons = [Lesson(str(a.id), a.title, a.text, "P", "N") for a in held[::2]]
    made, slow = judged(Both(OLD, NEW, None, BUREAU), held, lessons, few=0), slowly(held, lessons)
    assert made == slow and made.newly and made.otherwise and made.lessons


def test_when_the_time_is_over_the_newest_are_judged_and_the_rest_is_told():
    held, clock = list(articles(2 * LOT + 20)), count()
    made = judged(Both(OLD, NEW, None, BUREAU), held, seconds=2, clock=lambda: float(next(clock)))       # a second a look at the clock
    assert (made.judged, made.left, made.down_to) == (2 * LOT, 20, held[2 * LOT - 1].at)
    assert replace(made, read=2 * LOT, left=0, down_to=None) == slowly(held[:2 * LOT])


def test_without_a_limit_all_are_judged():
    held, clock = list(articles(LOT + 20)), count(step=1000)
    assert judged(Both(OLD, NEW, None, BUREAU), held, clock=lambda: next(clock)) == slowly(held)
