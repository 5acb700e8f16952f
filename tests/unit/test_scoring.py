"""What a story earns: once, by the first publication, and never for bad news about oneself."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from analysis.scoring import period_of, points, score
from analysis.scoring.reading import pieces_of
from model.article import Article, Signal
from model.clipping import Clipping
from model.credit import OutletClass, Scheme, class_of
from model.ledger import ranked
from model.mention import Mention
from model.opinion import Judgement, Label
from model.story import First, FirstState, Story

SCHEME = Scheme("s", "1", "试行", "2026-01-01", classes=(
    OutletClass("central", "中央媒体", 1000, tiers=("central",)),
    OutletClass("new", "新媒体", 300, outlets=("xinhuanet",)),
    OutletClass("city", "市级", 101, tiers=("municipal",))))
WHEN = datetime(2026, 9, 30, 17, tzinfo=UTC)   # already October in China


def clipping(number, tier, units, first_id=1, state=FirstState.CONFIRMED, outlet_id="", roles=()):
    mentions = tuple(Mention(u, u, 0, 2, "全称", role=r) for u, r in zip(units, roles or ["mentioned"] * len(units)))
    return Clipping(number, Article("http://a/1", "http://a/1", "题", "文", WHEN, "minute"), outlet_id, "媒体", tier, WHEN, number, True, mentions, (),
                    Story(9, "题", First(first_id, state, "来源为本报"), 2, tier))


def on(day):
    return SCHEME if day >= SCHEME.since else None


def test_the_first_publication_earns_once_for_each_unit_named():
    drafts = score([clipping(1, "municipal", ["a", "b"]), clipping(2, "central", ["a", "b"])], on)
    assert [(d.unit_id, d.article_id, d.cents, d.period) for d in drafts] == [("a", 1, 101, "2026Q4"), ("b", 1, 101, "2026Q4")]
    assert drafts[0].arithmetic == "市级 1.01 × 1 = 1.01" and "首发已确认" in drafts[0].reason


def test_an_unknown_or_unheld_first_publication_earns_nothing():
    assert score([clipping(1, "municipal", ["a"], state=FirstState.UNKNOWN)], on) == []
    assert score([clipping(1, "municipal", ["a"], first_id=None)], on) == []


def test_bad_news_about_a_unit_earns_that_unit_nothing():
    c = replace(clipping(1, "municipal", ["a", "b"]), judgements=(Judgement("a", Label.NEGATIVE, .9),))
    assert score([c], on) == []                    # and a unit that it merely names gains nothing by it
    by_b = replace(clipping(1, "municipal", ["a", "b"], roles=("mentioned", "contributed")), judgements=c.judgements)
    assert [d.unit_id for d in score([by_b], on)] == ["b"]


def test_policy_highest_takes_the_best_class_and_equal_split_loses_no_hundredth():
    scheme = replace(SCHEME, reposts="highest", split="equal")
    drafts = score([clipping(1, "municipal", ["a", "b", "c"]), clipping(2, "central", ["a", "b", "c"])], lambda day: scheme)
    assert sum(d.cents for d in drafts) == 1000 and {d.article_id for d in drafts} == {2}


def test_an_outlet_named_by_a_class_leaves_its_tier():
    assert class_of(SCHEME, "xinhuanet", "central").id == "new" and class_of(SCHEME, "rmrb", "central").id == "central"
    assert class_of(SCHEME, "x", "portal") is None


def test_ranks_are_1_2_2_4_within_their_group():
    sums = {"a": (500, 3, {}), "b": (300, 2, {}), "c": (300, 1, {}), "d": (100, 1, {}), "e": (50, 1, {})}
    rows = ranked(sums, {"a": "医院", "b": "医院", "c": "医院", "d": "医院", "e": "区县", "f": "区县"})
    assert [(r.unit_id, r.rank) for r in rows] == [("a", 1), ("b", 2), ("c", 2), ("d", 4), ("e", 1), ("f", 2)]


def test_points_and_quarters():
    assert points(-605) == "-6.05" and period_of(datetime(2026, 1, 1, tzinfo=UTC)) == "2026Q1"


@pytest.mark.parametrize("sure, earned", [(0.9, "头版头条"), (0.5, "头版")])
def test_a_place_on_the_page_counts_only_where_the_layout_tells_it(sure, earned):
    held = clipping(1, "central", ["a"])
    article = replace(held.article, page_no="01", position="头版头条", signals={"position": Signal("layout", sure)})
    assert pieces_of([replace(held, article=article)])[0].position == earned
