"""Who published first, how we know, and who took it from whom."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from analysis.first import chain, first_of
from model.story import Copy, FirstState

DAWN = datetime(2026, 11, 16, 0, 0, tzinfo=timezone.utc)


def copy(article_id: int, outlet: str, hours: float | None = 0, **fields) -> Copy:
    """A copy of an outlet, printed `hours` after dawn (None: no time printed), read a day later."""
    printed = None if hours is None else DAWN + timedelta(hours=hours)
    base = Copy(article_id, outlet, outlet, (outlet,), "municipal", "体检车开到村口", "", "", "", "", False, None,
                printed, "minute" if printed else "", DAWN + timedelta(days=1), 800)
    return replace(base, **fields)


def test_the_declared_source_beats_an_earlier_page_time():
    daily = copy(1, "云川日报", 6, source="云川日报")
    portal = copy(2, "某门户", 2, source="云川日报客户端")
    first = first_of([portal, daily])
    assert (first.article_id, first.state, first.outlet) == (1, FirstState.CONFIRMED, "云川日报")
    assert "某门户" in first.reason and "以来源为准" in first.reason
    assert dict((c, p) for c, p, _ in chain([portal, daily])) == {1: None, 2: 1}
    assert "时间不采" in next(r for c, _, r in chain([portal, daily]) if c == 2)


def test_a_source_that_is_not_held_is_named():
    first = first_of([copy(1, "某门户", 2, source="健康报"), copy(2, "某网", 3, source="《健康报》")])
    assert first.article_id is None and first.outlet == "健康报" and first.state is FirstState.CONFIRMED
    assert "首发为《健康报》，本库未收录" in first.reason
    assert all(parent is None for _, parent, _ in chain([copy(1, "某门户", 2, source="健康报"), copy(2, "某网", 3, source="健康报")]))


def test_one_declaration_of_a_missing_source_is_only_probable():
    assert first_of([copy(1, "某门户", 2, source="健康报")]).state is FirstState.PROBABLE


def test_aliases_are_the_same_outlet():
    wire = copy(1, "中国新闻网", 5, outlet_names=("中国新闻网", "中新网", "中国新闻社", "中新社"), dateline_agency="中新社")
    paper = copy(2, "云川晚报", 4, dateline_agency="中新社")
    first = first_of([paper, wire])
    assert first.article_id == 1 and first.state is FirstState.CONFIRMED
    assert [(c, p) for c, p, _ in chain([paper, wire])] == [(1, None), (2, 1)]


@pytest.mark.parametrize("own, told", [
    ({"source": "云川日报"}, "来源为其自身"), ({"dateline_own": True}, "电头为本媒体自发"), ({"is_original": True}, "原创标记")])
def test_what_makes_a_copy_its_outlets_own(own, told):
    first = first_of([copy(1, "云川日报", 8, **own), copy(2, "某门户", 1)])
    assert first.article_id == 1 and first.state is FirstState.CONFIRMED and told in first.reason


@pytest.mark.parametrize("taken", [{"reposted_from": "健康报"}, {"dateline_agency": "新华社"}, {"source": "健康报"}, {"is_original": False}])
def test_what_makes_a_copy_a_repost(taken):
    first = first_of([copy(1, "某门户", 0, **taken), copy(2, "云川日报", 5, source="云川日报")])
    assert first.article_id == 2


def test_an_agency_dateline_beats_the_papers_own_source_line():
    assert first_of([copy(1, "云川晚报", 1, source="云川晚报", dateline_agency="新华社")]).outlet == "新华社"


def test_two_that_call_it_their_own():
    first = first_of([copy(1, "甲报", 3, source="甲报"), copy(2, "乙报", 2, source="乙报")])
    assert first.article_id == 2 and first.state is FirstState.PROBABLE and "甲报也称自采" in first.reason


def test_own_copies_of_one_outlet_do_not_contradict():
    first = first_of([copy(1, "甲报", 3, source="甲报"), copy(2, "甲报", 2, source="甲报")])
    assert first.article_id == 2 and first.state is FirstState.CONFIRMED


def test_nobody_says_anything_the_earliest_printed_time_is_probable():
    first = first_of([copy(1, "甲报", 3), copy(2, "乙报", 2), copy(3, "丙报", None)])
    assert first.article_id == 2 and first.state is FirstState.PROBABLE and "时间最早" in first.reason


@pytest.mark.parametrize("copies", [
    [copy(1, "甲报", 2), copy(2, "乙报", 2)],
    [copy(1, "甲报", None), copy(2, "乙报", None)],
    [copy(1, "甲报", 1), copy(2, "乙报", 9, precision="day")],
    [copy(1, "甲报", 2, is_original=False), copy(2, "乙报", 3, original_title="原来的标题")],
], ids=["same minute", "no times", "only the day known", "all taken over"])
def test_first_publication_unknown(copies):
    first = first_of(copies)
    assert first.article_id is None and first.state is FirstState.UNKNOWN and "首发未确认" in first.reason


def test_a_time_after_the_page_was_read_is_not_trusted():
    dreamt = copy(1, "甲报", 1, first_seen=DAWN)
    assert first_of([dreamt, copy(2, "乙报", 5)]).article_id == 2


def test_one_copy_alone():
    assert first_of([copy(1, "甲报", 2)]).state is FirstState.PROBABLE
    assert first_of([copy(1, "甲报", None)]).state is FirstState.UNKNOWN


def test_a_chain_of_three_is_followed_to_its_root():
    copies = [copy(3, "某门户", 3, source="某网"), copy(2, "某网", 2, source="云川日报"), copy(1, "云川日报", 1, source="云川日报")]
    assert first_of(copies).article_id == 1
    assert sorted((c, p) for c, p, _ in chain(copies)) == [(1, None), (2, 1), (3, 2)]


def test_those_who_name_each_other_do_not_make_a_circle():
    copies = [copy(1, "甲报", 1, source="乙报"), copy(2, "乙报", 2, source="甲报")]
    edges = chain(copies)
    assert sorted(c for c, _, _ in edges) == [1, 2] and any(p is None for _, p, _ in edges)
    assert first_of(copies).state is not FirstState.CONFIRMED


def test_a_copy_without_a_source_hangs_on_its_nearest_text():
    copies = [copy(1, "云川日报", 1, source="云川日报"), copy(2, "某网", 2, source="云川日报"), copy(3, "某门户", 3)]
    edges = {c: (p, r) for c, p, r in chain(copies, nearest={3: 2})}
    assert edges[3][0] == 2 and "文字与该稿最接近" in edges[3][1]
    assert {c: p for c, p, _ in chain(copies, nearest={3: 99})}[3] == 1
