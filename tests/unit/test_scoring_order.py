"""Laws of counting that hold for any numbers: nothing lost in sharing, the order of steps, policies of reposts, sums in papers."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.periods import after, backfill_until, label, months, period_of, windows
from analysis.scoring import Award, assess, earned, preview, reasons
from analysis.scoring.numbers import points, rounded, shares, times
from analysis.sums import sums_in, wrong_sums
from model.claim import period
from model.credit import Addition, AwardRule, Cap, Factor, Growth, OutletClass, Scheme, When
from scoring_samples import Q4, by, piece, repost

CLASSES = (OutletClass("c", "国家级", 1000, tiers=("central",)), OutletClass("p", "省级", 600, tiers=("provincial",)),
           OutletClass("m", "市级", 301, tiers=("municipal",)))
SCHEME = Scheme("s", "1", "试行", "2026-01-01", classes=CLASSES)


def count(*copies, **changes):
    scheme = replace(SCHEME, **changes)
    return [(d.unit_id, d.article_id, d.cents) for d in earned(copies, lambda day: scheme)]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**7), st.lists(st.fractions(Fraction(1, 9), 50), min_size=1, max_size=9))
def test_sharing_loses_no_hundredth_and_is_fair_to_one(cents, weights):
    parts = shares(cents, weights)
    assert sum(parts) == cents and all(abs(part - cents * w / sum(weights)) < 1 for part, w in zip(parts, weights))


@given(st.integers(-10**6, 10**6))
def test_points_are_written_and_read_back(cents):
    sign, text = (-1, points(cents)[1:]) if cents < 0 else (1, points(cents))
    assert sign * int(text.replace(".", "")) == cents and len(text.split(".")[1]) == 2


@pytest.mark.parametrize("value, said, whole", [("5/2", "2.5", 3), ("-5/2", "-2.5", -3), ("1/3", "1/3", 0), ("2", "2", 2), ("1/4", "0.25", 0), ("7/4", "1.75", 2)])
def test_multipliers_are_exact(value, said, whole):
    assert times(Fraction(value)) == said and rounded(Fraction(value)) == whole


POLICIES = {"first": [1], "highest": [3], "highest_per_class": [1, 2, 3], "sum": [1, 2, 3, 4], "never": [1]}


@pytest.mark.parametrize("policy, counted", POLICIES.items())
def test_each_policy_of_reposts(policy, counted):
    copies = [piece(1, "municipal"), repost(2, "provincial"), repost(3, "central"), repost(4, "municipal")]
    assert [number for _, number, _ in count(*copies, reposts=policy)] == counted


def test_never_takes_not_even_a_first_publication_that_is_itself_a_repost():
    assert count(piece(1, "municipal", original=False), reposts="never") == [] and count(piece(1, "municipal", original=False)) == [("a", 1, 301)]


def test_among_equals_the_first_publication_is_the_highest():
    assert count(repost(2, "central"), piece(1, "central"), reposts="highest") == [("a", 1, 1000)]


def test_what_is_not_eligible_is_out_before_reposts_are_merged():
    copies = [piece(1, "municipal", marks=("paid",)), repost(2, "provincial")]
    assert count(*copies, reposts="highest", exclude=("paid",)) == [("a", 2, 600)]
    assert count(*copies, reposts="first", exclude=("paid",)) == []


def test_multipliers_come_before_additions_and_both_before_the_split():
    scheme = replace(SCHEME, split="equal", factors=(Factor("头版头条", When(positions=("头版头条",)), Fraction(2)),), additions=(Addition("图片", When(forms=("pictures",)), 101),))
    drafts = earned([piece(1, "provincial", position="头版头条", form="pictures", units=by("a", "b"))], lambda day: scheme)
    assert [d.arithmetic for d in drafts] == ["（省级 6.00 × 头版头条 2 + 图片 1.01） ÷ 2 = 6.51", "（省级 6.00 × 头版头条 2 + 图片 1.01） ÷ 2 = 6.50"]


def test_only_the_highest_factor_where_the_scheme_says_so():
    factors = (Factor("头版", When(positions=("头版",)), Fraction(2)), Factor("长稿", When(min_length=500), Fraction(3, 2)))
    assert count(piece(1, "provincial", position="头版"), factors=factors) == [("a", 1, 1800)]
    assert count(piece(1, "provincial", position="头版"), factors=factors, combine="highest") == [("a", 1, 1200)]


@pytest.mark.parametrize("split, expected", [
    ("full", {"a": 600, "b": 600, "m": 600}), ("equal", {"a": 200, "b": 200, "m": 200}), ("first", {"a": 600}),
    ("correspondent", {"a": 300, "b": 300}), ("weights", {"a": 300, "b": 200, "m": 100})])
def test_each_way_of_sharing(split, expected):
    units = (*by("m", role="mentioned"), *by("a", "b"))
    assert {u: c for u, _, c in count(piece(1, "provincial", units=units), split=split, weights=(Fraction(3), Fraction(2), Fraction(1)))} == expected


def test_caps_count_from_the_earliest_day_whatever_the_order_they_come_in():
    cap = Cap("全部", "quarter", 1000)
    stories = [[piece(n, "provincial", day=f"2026-11-0{n}")] for n in (3, 1, 2)]
    done = assess(replace(SCHEME, caps=(cap,)), Q4, stories, {"a": "组"})
    assert [(d.article_id, d.cents) for d in done.drafts] == [(1, 600), (2, 400), (3, 0)] and done.cents("a") == 1000


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["central", "provincial", "municipal"]), st.integers(1, 28), st.integers(1, 3)), max_size=12), st.integers(0, 4000))
def test_a_cap_is_never_passed_and_gives_all_it_may(pieces, most):
    cap = Cap("全部", "month", most)
    stories = [[piece(n, tier, day=f"2026-11-{day:02d}", units=by(*"abc"[:units]))] for n, (tier, day, units) in enumerate(pieces, 1)]
    done = assess(replace(SCHEME, caps=(cap,)), Q4, stories, dict.fromkeys("abc", "组"))
    for unit in "abc":
        full = sum(d.full_cents for d in done.drafts if d.unit_id == unit)
        assert done.cents(unit) == min(full, most)


def test_awards_may_be_capped_too():
    scheme = replace(SCHEME, awards=(AwardRule("i", "批示", 1500),), caps=(Cap("批示", "quarter", 2000, awards=("i",)),))
    done = assess(scheme, Q4, [[piece(1, "central")]], {"a": "组"}, [Award("a", "i", day="2026-10-08"), Award("a", "i", day="2026-11-08")])
    assert done.cents("a") == 1000 + 2000 and done.awards[1][2] == "批示 15.00；2026年第四季度批示已计15.00，封顶，计 5.00"


def test_reads_grow_only_past_their_start():
    klass = OutletClass("r", "阅读量", 100, tiers=("own",), growth=Growth(2000, 1000, 50))
    got = [count(piece(1, "own", reads=n), classes=(klass,), own_counts=True)[0][2] for n in (0, 2000, 2999, 3000, 5500)]
    assert got == [100, 100, 100, 150, 250]


def test_why_a_copy_earns_nothing_is_told():
    copies = [piece(1, "municipal"), repost(2, "central"), repost(3, "own"), repost(4, "unknown"), piece(5, "provincial", first=False, units=())]
    said = reasons(copies, SCHEME)
    assert said == {2: "同一内容：只计首发", 3: "自有平台不计", 4: "媒体不在任何一类里", 5: "同一内容：只计首发"}


def test_a_preview_of_a_scheme_without_the_award_leaves_it_out():
    seen = preview(SCHEME, replace(SCHEME, reposts="sum"), Q4, [[piece(1, "municipal"), repost(2, "central")]], {"a": "组"})
    assert seen.units[0].cents == (301, 1301) and seen.only_then == (("a", 2),) and seen.changed == 1


@pytest.mark.parametrize("day, per, name, said", [("2026-11-21", "month", "2026M11", "2026年11月"), ("2026-11-21", "quarter", "2026Q4", "2026年第四季度"),
                                                  ("2026-11-21", "year", "2026", "2026年")])
def test_names_of_periods(day, per, name, said):
    assert period_of(day, per) == name and label(name) == said


def test_periods_follow_one_another():
    assert [after(n) for n in ("2026Q4", "2026M12", "2026M01", "2026")] == ["2027Q1", "2027M01", "2026M02", "2027"]
    assert months(period("2026Q1")) == ("2026M01", "2026M02", "2026M03")
    assert [w.id for w in windows(period("2026Q4"), "year")] == ["2026"] and windows(period("2026Q3"), "year") == []
    assert [w.id for w in windows(period("2026"), "quarter")] == ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]
    assert [w.id for w in windows(period("2026Q1"), "year", "first")] == ["2026"]
    assert backfill_until("2026-01-31", 15) == "2026-02-15" and backfill_until("2026-01-05", 31) == "2026-02-28" and backfill_until("2026-12-01", 15) == "2027-01-15"


@pytest.mark.parametrize("text, holds", [
    ("全年共刊登589篇，其中国家级18、行业15、省级68、市级122、新媒体366。", True),
    ("累计22篇=2+6+1+1+1+11", True),
    ("累计22篇 = 2 + 6 + 1 + 1 + 1 + 10", False),
    ("共刊登14篇，其中中央媒体4篇、省级媒体5篇、市级媒体5篇。另有3篇自有平台。", True),
    ("共采用30条，其中国家级10条（占33.3%）、省级20条（含图片5条）。", True),
    ("共采用30条，其中国家级10条、省级19条；共报送5条，其中甲2条、乙3条。", False)])
def test_sums_in_a_paper(text, holds):
    assert sums_in(text) and all(s.holds for s in sums_in(text)) is holds and (not wrong_sums(text)) is holds


def test_a_text_without_parts_has_no_sums_and_a_long_one_costs_nothing():
    assert sums_in("共刊登14篇。2026年共报送3条，其中优秀的有一条。") == []
    assert sums_in("共" * 200_000 + "其中1") == [] and len(sums_in("共1篇，其中" + "1、" * 100_000)) == 1
