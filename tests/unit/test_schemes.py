"""Every shipped scheme, counted by the numbers of its own paper."""

from dataclasses import replace
from fractions import Fraction

import pytest

from analysis.scoring import Award, assess, earned, shortfalls
from config.entry import Report
from config.schemes import read_schemes, shipped_schemes
from pipelines.verify import policy_of
from config.tree import parse
from model.claim import period
from model.credit import Cap, Quota, When
from scoring_samples import OUTLETS, Q4, by, piece, repost, shipped


def cents(name, *copies, scheme=None, **changes):
    """unit id → hundredths of one story under the shipped scheme."""
    scheme = replace(scheme or shipped(name), **changes)
    return {d.unit_id: d.cents for d in earned(copies, lambda day: scheme)}


def arithmetic(name, *copies):
    return [d.arithmetic for d in earned(copies, lambda day: shipped(name))]


def test_at_least_eight_schemes_are_shipped_and_read_without_a_problem():
    assert len(shipped_schemes()) >= 18 and all(shipped(name).classes for name in shipped_schemes())


def test_the_2023_scheme_counts_the_first_publication_once():
    first, again = piece(1, "municipal"), repost(2, "provincial")
    assert cents("six_class", first, again) == {"a": 300} and cents("five_class", first, again) == {"a": 300}


def test_yongkang_counts_every_copy_and_starts_from_sixty():
    scheme, groups = shipped("yongkang_2009"), {"a": "乡镇", "b": "直属单位"}
    story = [piece(1, "municipal", day="2026-01-05"), repost(2, "provincial", day="2026-01-06")]
    done = assess(scheme, period("2026Q1"), [story], groups, [Award("a", "instruction")], {("a", "2026M01"): 1, ("a", "2026M02"): 1, ("a", "2026M03"): 1})
    assert done.cents("a") == 6000 + 500 + 1000 + 1500
    assert done.cents("b") == 6000 - 3 * 2 * 500          # two a month asked of them, none handed in
    assert done.passed("a", scheme)


def test_yongkang_late_reports_cost_ten_and_the_rank():
    groups = {"a": "乡镇", "b": "乡镇"}
    done = assess(shipped("yongkang_2009"), period("2026Q2"), [[piece(1, "provincial", day="2026-04-05")]], groups, [Award("a", "late")])
    assert [(s.unit_id, s.rank, s.vetoed, s.cents) for s in done.standings] == [("b", 1, False, -1500), ("a", 0, True, 1000 - 1000 - 1500)]


def test_beilun_halves_briefs_doubles_what_is_forwarded_and_takes_for_lateness():
    assert cents("beilun", piece(1, "municipal", length=499)) == {"a": 400}
    assert cents("beilun", piece(1, "municipal", length=500)) == {"a": 600}
    assert cents("beilun", piece(1, "county", length=800)) == {"a": 400} and cents("beilun", piece(1, "county", length=80)) == {"a": 200}
    assert arithmetic("beilun", piece(1, "municipal", length=90, genre="brief")) == ["市级 4.00 × 简讯 0.5 = 2.00"]
    done = assess(shipped("beilun"), Q4, [[piece(1, "provincial")]], {"a": "组"}, [Award("a", "forwarded", 1000), Award("a", "instruction"), Award("a", "concealed")])
    assert done.cents("a") == 1000 + 1000 + 1500 - 1500
    assert [words for _, _, words in done.awards][0] == "上级转报 10.00 × 2 − 10.00 = 10.00"


def test_qvzhou_shares_equally_and_multiplies_what_is_forwarded():
    assert cents("qvzhou", piece(1, "central", units=by("a", "b", "c"))) == {"a": 334, "b": 333, "c": 333}
    assert arithmetic("qvzhou", piece(1, "provincial", units=by("a", "b"))) == ["省级 3.00 ÷ 2 = 1.50"] * 2
    done = assess(shipped("qvzhou"), Q4, [[piece(1, "municipal")]], {"a": "组"}, [Award("a", "forwarded-centre", 200)])
    assert done.cents("a") == 200 + 800                   # five times two in all


@pytest.mark.parametrize("tier, short, long", [("municipal", 100, 200), ("provincial", 300, 500), ("central", 500, 1000)])
def test_zhenjiang_gives_more_from_a_thousand_characters_on(tier, short, long):
    assert cents("zhenjiang", piece(1, tier, length=999)) == {"a": short} and cents("zhenjiang", piece(1, tier, length=1000)) == {"a": long}


def test_zhenjiang_takes_the_highest_copy_and_ten_a_year():
    assert cents("zhenjiang", piece(1, "municipal"), repost(2, "central"), repost(3, "provincial")) == {"a": 500}
    assert assess(shipped("zhenjiang"), period("2026Q1"), [], {"a": "组"}).cents("a") == 1000
    assert assess(shipped("zhenjiang"), Q4, [], {"a": "组"}).cents("a") == 0


def test_dazhou_counts_no_sixth_bulletin_in_a_month_and_no_late_material():
    scheme, month = shipped("dazhou_2011"), period("2026M11")
    bulletins = [[piece(n, "own", day=f"2026-11-{n:02d}", kind="bulletin")] for n in range(1, 8)]
    kept = replace(scheme, own_counts=True)
    done = assess(kept, month, bulletins, {"a": "组"})
    assert [d.cents for d in done.drafts] == [200] * 5 + [0, 0] and done.cents("a") == 1000
    assert done.drafts[5].arithmetic == "简报 2.00 × 1 = 2.00；2026年11月简报已计10.00，封顶10.00分，计 0.00"
    other = [piece(9, "unknown", kind=kind) for kind in ("events", "report", "analysis")]
    assert [cents("dazhou_2011", p) for p in other] == [{"a": 400}] * 3
    assert cents("dazhou_2011", piece(9, "unknown", kind="events", handed_in="2026-12-15")) == {"a": 400}
    assert cents("dazhou_2011", piece(9, "unknown", kind="events", handed_in="2026-12-16")) == {}


def test_dazhou_ties_take_ranks_1_2_2_4():
    groups = dict.fromkeys("abcd", "组")
    stories = [[piece(n, "unknown", kind=kind, units=by(unit))] for n, (unit, kind) in enumerate(
        [("a", "events"), ("a", "report"), ("b", "events"), ("c", "report"), ("d", "bulletin")], 1)]
    done = assess(shipped("dazhou_2011"), period("2026M11"), stories, groups)
    assert [(s.unit_id, s.rank) for s in done.standings] == [("a", 1), ("b", 2), ("c", 2), ("d", 4)]


@pytest.mark.parametrize("tier, yuan", [("county", 25), ("municipal", 35), ("provincial", 85), ("central", 150)])
def test_xinchang_pays_in_yuan(tier, yuan):
    assert cents("xinchang_2012", piece(1, tier, length=499)) == {"a": yuan * 100} and shipped("xinchang_2012").measure == "元"


def test_xinchang_pays_the_correspondents_and_more_from_500_characters_on():
    units = (*by("b", role="mentioned"), *by("a"))
    assert arithmetic("xinchang_2012", piece(1, "provincial", units=units)) == ["省级 85.00 + 五百字以上 20.00 = 105.00"]
    assert cents("xinchang_2012", piece(1, "provincial", length=100, units=by("a", "c"))) == {"a": 4250, "c": 4250}
    done = assess(shipped("xinchang_2012"), period("2026M11"), [], {"a": "村"})
    assert done.cents("a") == -100 and done.settled[0].reason == "2026年11月应采用1篇，实采用0篇"


def test_changshan_counts_once_a_class_and_no_reposts_or_wechat():
    once = [piece(1, "provincial"), piece(2, "provincial", first=False), piece(3, "municipal", first=False)]
    assert sum(d.cents for d in earned(once, lambda day: shipped("changshan_2015"))) == 1000 + 500
    assert cents("changshan_2015", piece(1, "municipal"), repost(2, "central")) == {"a": 500}
    assert cents("changshan_2015", piece(1, "municipal", kind="wechat")) == {}


def test_changshan_asks_30_15_or_10_a_year_of_the_groups():
    groups = {"a": "一类单位", "b": "二类单位", "c": "其他"}
    short = shortfalls(shipped("changshan_2015"), Q4, groups, {("b", "2026M02", "adopted"): 15, ("c", "2026M11", "adopted"): 4})
    assert [(s.unit_id, s.needed, s.missing) for s in short] == [("a", 30, 30), ("c", 10, 6)]
    assert shortfalls(shipped("changshan_2015"), period("2026Q3"), groups, {}) == []      # the year is not over


def test_pucheng_doubles_the_front_page_rates_web_copies_as_their_source_and_leaves_out_paid_pages():
    assert arithmetic("pucheng_2013", piece(1, "provincial", position="头版头条")) == ["省级 10.00 × 头版 2 = 20.00"]
    web = repost(2, "portal", source_outlet_id="o1", source_tier="provincial")
    assert cents("pucheng_2013", piece(1, "provincial"), web) == {"a": 1000}
    assert cents("pucheng_2013", piece(2, "portal", original=False, source_outlet_id="o1", source_tier="municipal")) == {"a": 500}
    assert cents("pucheng_2013", piece(1, "central", marks=("paid",))) == {} and cents("pucheng_2013", piece(1, "central", marks=("invited",))) == {}


@pytest.mark.parametrize("more, yuan", [({"position": "头版头条"}, 800), ({"length": 1000}, 600), ({}, 400), ({"marks": ("paid",)}, None)])
def test_shandong_county_pays_by_place_and_length(more, yuan):
    assert cents("shandong_county", piece(1, "central", **more)) == ({"a": yuan * 100} if yuan else {})


def test_shandong_county_pays_a_hundred_for_a_bulletin_and_forty_at_the_foot():
    assert cents("shandong_county", piece(1, "unknown", kind="bulletin")) == {"a": 10000} and cents("shandong_county", piece(1, "county")) == {"a": 4000}


def test_railway_counts_in_pieces_with_headline_and_length():
    assert arithmetic("railway", piece(1, "central", position="头版头条", length=2400)) == ["国家级 20.00 × 头版头条 2 × 两千字以上 2 × 千字以上 2 = 160.00"]
    assert [cents("railway", piece(1, tier))["a"] for tier in ("central", "provincial", "municipal", "portal")] == [2000, 500, 400, 100]
    assert cents("railway", piece(1, "provincial", length=1500)) == {"a": 1000}


def test_county_education_shares_pieces_but_none_under_a_quarter():
    weights = (Fraction(7), Fraction(2), Fraction(1))
    units = tuple(replace(c, weight=w) for c, w in zip(by("a", "b", "c"), weights))
    assert cents("county_education", piece(1, "municipal", units=units)) == {"a": 1400, "b": 500, "c": 500}
    assert cents("county_education", piece(1, "central", length=200)) == {"a": 5000}
    assert cents("county_education", piece(1, "county", position="整版")) == {"a": 1200}


def test_county_education_caps_one_outlet_at_thirty_a_quarter():
    stories = [[piece(n, "central", outlet_id="people-cn", day="2026-10-08")] for n in range(1, 33)]
    done = assess(shipped("county_education"), Q4, stories, {"a": "组"})
    assert done.cents("a") == 3000 and [d.cents for d in done.drafts[-3:]] == [100, 0, 0]
    assert sum(d.full_cents for d in done.drafts) == 3200


def test_zhonglou_grades_instructions_and_asks_three_tenths_adopted():
    scheme, month = shipped("zhonglou"), period("2026M11")
    done = assess(scheme, Q4, [[piece(1, "county")]], {"a": "组", "b": "组"}, [Award("a", "instruction-province"), Award("a", "late")],
                  {("a", "2026M11"): 4, ("b", "2026M11"): 10})
    assert done.cents("a") == 1000 + 4000 - 100 - 100      # one of four adopted
    assert done.cents("b") == -100 and not done.passed("b", scheme) and done.passed("a", scheme)
    assert assess(scheme, month, [[piece(1, "county")]], {"a": "组"}, submitted={("a", "2026M11"): 3}).cents("a") == 1000


@pytest.mark.parametrize("reads, points", [(1999, None), (2000, 100), (3000, 200), (3999, 200), (4000, 250), (6100, 350)])
def test_reads_grow_the_points(reads, points):
    assert cents("reads", piece(1, "own", reads=reads)) == ({"a": points * 100} if points else {})


def test_reads_are_shared_equally():
    assert cents("reads", piece(1, "own", reads=3000, units=by("a", "b", "c"))) == {"a": 6667, "b": 6667, "c": 6666}


def test_trade_counts_reposts_by_another_base_and_no_notices_or_scraps():
    drafts = earned([piece(1, "provincial"), repost(2, "central")], lambda day: shipped("trade"))
    assert [d.cents for d in drafts] == [400, 200] and drafts[1].arithmetic == "省级以上（转载） 2.00 × 1 = 2.00"
    assert cents("trade", piece(1, "municipal")) == {"a": 100}
    assert cents("trade", piece(1, "provincial", length=99)) == {} and cents("trade", piece(1, "provincial", marks=("notice",))) == {}


def test_construction_counts_information_less_headlines_double_journals_half():
    assert [cents("construction", piece(1, t, genre="info"))["a"] for t in ("central", "provincial", "municipal")] == [400, 300, 200]
    assert cents("construction", piece(1, "provincial", position="头版头条")) == {"a": 1400}
    assert cents("construction", piece(1, "provincial", kind="journal")) == {"a": 350}
    assert cents("construction", piece(1, "portal")) == {}


def test_jincheng_asks_four_reports_a_month():
    done = assess(shipped("jincheng_2023"), period("2026M11"), [], {"a": "组"}, submitted={("a", "2026M11"): 3})
    assert done.settled == () and done.cents("a") == 0
    short, = shortfalls(shipped("jincheng_2023"), period("2026M11"), {"a": "组"}, {("a", "2026M11", "submitted"): 3})
    assert (short.label, short.needed, short.had, short.missing) == ("2026年11月", 4, 3, 1)


def test_zaozhuang_tells_the_front_page_of_a_site_from_the_rest():
    assert [cents("zaozhuang_2016", piece(1, "provincial", position=at))["a"] for at in ("首页", "")] == [1200, 800]


BROKEN = {
    "无此键": ("bonus: 3", "没有“bonus”这个键"),
    "倍数": ("factors:\n  - {name: 头条, when: {positions: [头版头条]}, times: 1/0}", "“times”的“1/0”不对"),
    "缺倍数": ("factors:\n  - {name: 头条, when: {positions: [头版头条]}}", "缺少“times”"),
    "空条件": ("factors:\n  - {name: 头条, when: {positions: []}, times: 2}", "条件是空的"),
    "无此类别": ("caps:\n  - {name: 简报, points: 10, when: {classes: [x]}}", "类别“x”不存在"),
    "无此媒体": ("caps:\n  - {name: 简报, points: 10, when: {outlets: [x]}}", "媒体“x”不存在"),
    "封顶无此奖惩": ("caps:\n  - {name: 批示, points: 10, awards: [x]}", "奖惩“x”不存在"),
    "封顶重复": ("caps:\n  - {name: 甲, points: 10}\n  - {name: 甲, points: 9}", "封顶“甲”重复"),
    "封顶无数": ("caps:\n  - {name: 简报}", "没有写 points（分数）也没有写 pieces"),
    "奖惩无分": ("awards:\n  - {id: a, name: 批示}", "没有写 points、times 或 veto"),
    "奖惩重复": ("awards:\n  - {id: a, name: 批示, points: 1}\n  - {id: a, name: 转报, points: 2}", "奖惩编号“a”重复"),
    "份额": ("least_share: 3/2", "“least_share”的“3/2”不对"),
    "次序": ("auto: maybe", "“auto”不能是“maybe”"),
    "日": ("backfill_day: 32", "超出范围"),
    "折分": ("pass_mark: 6.005", "分值“6.005”不对"),
    "申报": ("claims: {paid: maybe}", "“paid”不能是“maybe”"),
    "申报键": ("claims: {advert: doubt}", "没有“advert”这个键"),
    "采用率": ("low_rate: {below: 30, points: -1}", "“below”的“30”不对"),
}


@pytest.mark.parametrize("text, said", BROKEN.values(), ids=BROKEN.keys())
def test_a_wrong_rule_is_told_with_its_line(text, said):
    report = Report()
    head = "id: s\nversion: '1'\nname: 办法\nsince: 2026-01-01\nclasses:\n  - {id: c, name: 中央, points: 10, tiers: [central]}\n"
    read_schemes(report, [parse(head + text + "\n", "schemes/a.yaml")], OUTLETS)
    fault = next(p for p in report.faults if said in p.message)
    assert fault.line and fault.line > 6 and fault.remedy


def test_a_higher_class_that_earns_less_is_warned_of_unless_it_is_meant():
    head = "id: s\nversion: '1'\nname: 办法\nsince: 2026-01-01\nclasses:\n  - {id: m, name: 市级, points: 10, tiers: [municipal]}\n"
    for more, warned in (("", True), (", deliberate: true", False)):
        report = Report()
        read_schemes(report, [parse(head + f"  - {{id: c, name: 中央, points: 3, tiers: [central]{more}}}\n", "schemes/a.yaml")], OUTLETS)
        assert any(p.warning and "“中央”层级高于“市级”，分值却更低" in p.message for p in report.problems) is warned


def test_short_and_long_forms_of_a_task_are_both_tasks():
    scheme = replace(shipped("six_class"), quota_per_month=2, quotas=(Quota("year", 30),))
    assert [(q.per, q.needed) for q in scheme.tasks] == [("month", 2), ("year", 30)]


def test_a_cap_may_count_pieces():
    scheme = replace(shipped("five_class"), caps=(Cap("市级", "month", pieces=2, when=When(classes=("municipal",))),))
    stories = [[piece(n, "municipal", day=f"2026-1{1 if n < 4 else 2}-0{n}")] for n in range(1, 6)]
    assert [d.cents for d in assess(scheme, Q4, stories, {"a": "组"}).drafts] == [300, 300, 0, 300, 300]


def test_a_scheme_says_how_each_kind_of_claimed_row_weighs():
    head = "id: s\nversion: '1'\nname: 办法\nsince: 2026-01-01\nclasses:\n  - {id: c, name: 中央, points: 3, tiers: [central]}\n"
    for text, paid in (("claims: {paid: doubt, notice: accept}", "doubt"), ("extra: {claims: {paid: doubt, notice: accept}}", "doubt"), ("", "reject")):
        report = Report()
        scheme, = read_schemes(report, [parse(head + text + "\n", "schemes/a.yaml")], OUTLETS)
        policy = policy_of(scheme)
        assert not report.problems and (policy.paid, policy.notice) == (paid, "accept" if text else "reject")
        assert (policy.own, policy.repost, policy.negative) == ("reject", "reject", "reject")
