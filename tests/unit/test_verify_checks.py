"""Each check by itself: what was claimed, what was found, what follows."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from model.article import Article
from model.bureau import Bureau
from model.claim import Claim, Finding, FormRow, Outcome, Policy, Verdict, period
from model.clipping import Clipping
from model.mention import Mention
from model.opinion import Judgement, Label
from model.outlet import Outlet, Tier
from model.page import PageStatus
from model.region import Region
from model.story import Edge, First, FirstState, Relation, Story
from model.unit import Unit
from pipelines.fetcher import FetchFailed
from pipelines.verify import Landing, checks
from pipelines.verify.accounts import own_unit
from pipelines.verify.kinds import Kind, paid
from pipelines.verify.tone import tone

CITY = Region("临江省", "云川市")
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=timezone.utc)
UNITS = (Unit("wjw", "云川市卫生健康委员会", "市卫健委", region=CITY), Unit("syy", "云川市第一人民医院", "市一院", region=CITY, parent="wjw"),
         Unit("zyy", "云川市中医医院", "市中医院", region=CITY, parent="wjw"))
DAILY = Outlet("daily", "云川日报", Tier.MUNICIPAL, "newspaper", ("云报",), ("daily.example",), CITY)
PORTAL = Outlet("portal", "千帆网", Tier.PORTAL, "portal", (), ("portal.example",))
FAR = Outlet("far", "河阳日报", Tier.MUNICIPAL, "newspaper", (), ("far.example",), Region("临江省", "河阳市"))
OWN = Outlet("own", "健康云川", Tier.OWN, "wechat", (), ("own.example",), CITY)
BUREAU = Bureau("b", "云川市卫生健康委员会", CITY, Path("."), units=UNITS, outlets=(DAILY, PORTAL, FAR, OWN))
ROW = FormRow("1", "市一院开设夜间门诊", "2026-11-20", "云川日报", ("http://daily.example/1.html",))


def piece(
    number: int = 1,
    outlet: Outlet | None = DAILY,
    mentions=(),
    judgements=(),
    story: Story | None = None,
    reason: str = "",
    day: datetime | None = NOW - timedelta(days=1),
    **fields,
) -> Clipping:
    url = f"http://{outlet.domains[0] if outlet else 'unknown.example'}/{number}.html"
    a = Article(**{"url": url, "canonical": url, "title": "市一院开设夜间门诊", "text": "正文", "published": day, "precision": "minute"} | fields)
    return Clipping(
        number,
        a,
        outlet.id if outlet else "",
        outlet.name if outlet else "unknown.example",
        (outlet.tier if outlet else Tier.UNKNOWN).value,
        NOW,
        number,
        True,
        tuple(mentions),
        tuple(judgements),
        story,
        Edge(number, None, Relation.REPOST, 1.0, reason) if story else None,
    )


def named(unit: str, surface: str = "市一院", at: int = 40, **fields) -> Mention:
    return Mention(unit, surface, at, at + len(surface), "全称", **fields)


@pytest.mark.parametrize(
    "landing, outcome, later",
    [
        (Landing("u", piece()), "pass", False),
        (Landing("u", piece(), archived=True), "pass", False),
        (Landing("u", failed=FetchFailed("gone", "已不存在", True)), "fail", True),
        (Landing("u", failed=FetchFailed("timeout", "没有答复", True)), "fail", True),
        (Landing("u", failed=FetchFailed("dns", "查不到", True)), "fail", True),
        (Landing("u", failed=FetchFailed("refused", "内部地址")), "fail", False),
        (Landing("u", failed=FetchFailed("robots", "不允许")), "unsure", False),
        (Landing("u", failed=FetchFailed("type", "PDF")), "unsure", False),
        (Landing("u", status=PageStatus.GONE, reason="已删除"), "fail", True),
        (Landing("u", status=PageStatus.BLOCKED, reason="验证"), "fail", True),
        (Landing("u", status=PageStatus.NOT_ARTICLE, reason="列表页"), "fail", False),
        (Landing("u", status=PageStatus.QUARANTINED, reason="出错"), "unsure", False),
    ],
)
def test_reachable(landing, outcome, later):
    found = checks.reachable("http://daily.example/1.html", landing)
    assert (found.outcome, found.later) == (outcome, later) and found.reason


def test_a_temporary_wechat_address_is_no_proof_even_when_it_opens():
    url = "http://mp.weixin.qq.com/s?src=11&timestamp=1794000000&ver=1&signature=a"
    assert checks.reachable(url, Landing(url, piece())).outcome is Outcome.UNSURE


@pytest.mark.parametrize(
    "claimed, clipping, owner, outcome, told",
    [
        ("云川日报", piece(), DAILY, "pass", "一致"),
        ("云川日报客户端", piece(), DAILY, "pass", "一致"),
        ("河阳日报", piece(), DAILY, "fail", "属于云川日报"),
        ("云川日报", piece(outlet=PORTAL, source="云川日报"), PORTAL, "fail", "转载或入驻号"),
        ("千帆网", piece(outlet=PORTAL, source="云川日报"), PORTAL, "pass", "一致"),
        ("云川日报", piece(outlet=None), None, "unsure", "不是名录中云川日报的网址"),
        ("健康先知道", piece(outlet=None), None, "unsure", "不在媒体名录"),
        ("某医院公众号", piece(outlet=None, source="某医院", identity="a,1,1"), None, "unsure", "公众号“某医院”"),
        ("", piece(), DAILY, "pass", "没有填媒体"),
    ],
)
def test_outlet(claimed, clipping, owner, outcome, told):
    row = FormRow("1", ROW.title, ROW.day, claimed)
    found = checks.outlet(row, clipping, owner, BUREAU, Policy())
    assert found.outcome == outcome and told in found.reason
    if owner is None and "名录里" in found.reason:
        assert checks.outlet(row, clipping, owner, BUREAU, Policy(unknown_outlet="reject")).outcome in ("fail", "unsure")


@pytest.mark.parametrize(
    "mentions, owner, unit, outcome, told",
    [
        ([named("syy")], DAILY, "syy", "pass", "正文写到"),
        ([named("syy", at=0)], DAILY, "syy", "pass", "标题写到"),
        ([named("syy", role="correspondent")], DAILY, "syy", "pass", "通讯员"),
        ([named("syy", role="contributed")], DAILY, "syy", "pass", "供稿"),
        ([named("zyy", "市中医院")], DAILY, "syy", "fail", "市中医院"),
        ([], DAILY, "syy", "fail", "没有写到"),
        ([named("", certain=False, candidates=("syy", "x"))], DAILY, "syy", "unsure", "分不清"),
        ([named("", certain=False, candidates=("syy", "zyy")), named("zyy")], DAILY, "syy", "fail", "是市中医院"),
        ([named("", certain=False, candidates=("syy",))], FAR, "syy", "fail", "河阳市的"),
        ([named("syy")], DAILY, "wjw", "unsure", "下属"),
        ([named("wjw", "市卫健委")], DAILY, "syy", "fail", "市卫健委"),
    ],
)
def test_unit(mentions, owner, unit, outcome, told):
    found = checks.unit(piece(outlet=owner, mentions=mentions), BUREAU.unit(unit), UNITS, owner)
    assert found.outcome == outcome and told in found.reason


def story(first: int | None, state: FirstState = FirstState.CONFIRMED, outlet: str = "") -> Story:
    return Story(7, "t", First(first, state, "理由", outlet), 2, "municipal")


def test_first_publication_and_reposts():
    head, copy = piece(1, story=story(1)), piece(2, PORTAL, story=story(1), reason="注明来源“云川日报”")
    assert checks.first(head, [head, copy], Policy())[0].outcome is Outcome.PASS
    found, credited = checks.first(copy, [head, copy], Policy())
    assert found.outcome is Outcome.FAIL and "只统计一次" in found.reason and credited.startswith("云川日报《")
    assert checks.first(copy, [head, copy], Policy(repost="accept"))[0].outcome is Outcome.PASS
    web = piece(3, story=story(1))
    assert (
        "同一媒体" in checks.first(web, [head, web], Policy())[0].reason
        and checks.first(web, [head, web], Policy())[0].outcome is Outcome.PASS
    )


def test_what_our_own_platform_gave_out_counts_for_the_first_paper_that_took_it():
    own, paper = piece(1, OWN, story=story(1), day=NOW - timedelta(hours=9)), piece(2, story=story(1), day=NOW - timedelta(hours=5))
    late = piece(3, FAR, story=story(1), day=NOW - timedelta(hours=3))
    copies = [own, paper, late]
    assert checks.first(paper, copies, Policy())[0].outcome is Outcome.PASS
    found, credited = checks.first(late, copies, Policy())
    assert found.outcome is Outcome.FAIL and credited.startswith("云川日报")


def test_a_first_publication_that_is_not_held_or_not_known_is_asked_about():
    absent = piece(1, PORTAL, story=story(None, FirstState.PROBABLE, "岐黄周报"))
    assert checks.first(absent, [absent], Policy())[0].outcome is Outcome.UNSURE and checks.first(absent, [absent], Policy())[1] == "岐黄周报"
    tied = piece(1, story=story(None, FirstState.UNKNOWN))
    assert checks.first(tied, [tied], Policy())[0].outcome is Outcome.UNSURE
    unlisted = piece(1, None, story=story(None, FirstState.CONFIRMED, "健康先知道"), source="健康先知道")
    assert checks.first(unlisted, [unlisted], Policy())[0].outcome is Outcome.PASS


@pytest.mark.parametrize(
    "claimed, found, outcome",
    [
        ("2026-11-20", date(2026, 11, 20), "pass"),
        ("2026-11-19", date(2026, 11, 20), "unsure"),
        ("", date(2026, 11, 20), "pass"),
        ("2026-11-20", None, "unsure"),
    ],
)
def test_published(claimed, found, outcome):
    day = datetime(found.year, found.month, found.day, 3, tzinfo=timezone.utc) if found else None
    assert checks.published(FormRow("1", "t", claimed, "o"), piece(day=day)).outcome == outcome


def test_the_day_is_the_one_in_shanghai():
    late = piece(day=datetime(2026, 12, 31, 16, 30, tzinfo=timezone.utc))
    assert checks.day_of(late) == date(2027, 1, 1)
    assert checks.within(ROW, late, period("2026Q4"), Policy()).outcome is Outcome.FAIL
    assert checks.within(ROW, late, period("2026Q4"), Policy(late="doubt")).outcome is Outcome.UNSURE
    assert checks.within(ROW, None, period("2026Q4"), Policy()).outcome is Outcome.PASS


def judged(about: Label | None, whole: Label, score: float = 0.9) -> list[Judgement]:
    return [Judgement("", whole, score, sentence="句子"), *([Judgement("syy", about, score, sentence="句子")] if about else [])]


@pytest.mark.parametrize(
    "judgements, title, outcome",
    [
        (judged(Label.NEGATIVE, Label.NEGATIVE), "题", "fail"),
        (judged(Label.NEGATIVE, Label.NEGATIVE, 0.6), "题", "unsure"),
        (judged(Label.POSITIVE, Label.NEGATIVE), "题", "unsure"),
        (judged(Label.POSITIVE, Label.NEGATIVE, 0.3), "题", "pass"),
        (judged(Label.RISK, Label.RISK), "题", "unsure"),
        (judged(Label.RISK, Label.RISK, 0.05), "题", "pass"),
        (judged(Label.POSITIVE, Label.POSITIVE, 0.0), "题", "pass"),
        (judged(Label.POSITIVE, Label.POSITIVE, 0.0), "市一院收费惹质疑", "unsure"),
        (judged(Label.POSITIVE, Label.POSITIVE, 0.0), "市一院急诊投诉零发生", "pass"),
        ([], "题", "pass"),
    ],
)
def test_opinion(judgements, title, outcome):
    assert tone(piece(judgements=judgements, title=title), BUREAU.unit("syy"), Policy()).outcome == outcome


def claim(number: int, unit: str, span: str, verdict: Verdict) -> Claim:
    return Claim(number, 1, unit, span, NOW, ROW, Finding(verdict, url="u"))


def test_claims_of_others_and_of_earlier_periods():
    names = {u.id: u.label for u in UNITS}
    held = [
        claim(1, "syy", "2026Q4", Verdict.VERIFIED),
        claim(2, "zyy", "2026Q4", Verdict.DOUBTFUL),
        claim(3, "syy", "2026Q3", Verdict.VERIFIED),
        claim(4, "zyy", "2026Q2", Verdict.REJECTED),
    ]
    found = checks.claimed_before(held, "syy", "2026Q4", 1, names, "u")
    assert [(c.outcome, c.found) for c in found] == [("unsure", "市中医院也申报了"), ("fail", "2026Q3已报")]
    again = checks.claimed_before(held[:1], "syy", "2026Q4", 9, names, "u")
    assert [c.outcome for c in again] == ["fail"] and "另一次填报" in again[0].reason


def test_kinds_follow_the_policy():
    own = piece(outlet=OWN)
    assert (
        checks.kind(ROW, own, OWN, Policy())[0].outcome is Outcome.FAIL
        and checks.kind(ROW, own, OWN, Policy(own="accept"))[0].outcome is Outcome.PASS
    )
    assert checks.kind(ROW, piece(), DAILY, Policy())[1] == Kind("article")


@pytest.mark.parametrize("line", [
    "品牌合作", "（广告）", "广告 · 某某医院提供", "本文系本网与某某医院联合推广", "健康专版（本专版由市中心血站协办）", "声明：本文为商业推广信息", "本版由某某保健院特约刊登",
    "【合作推广】", "商讯", "企业之声", "由某某医院冠名播出", "本栏目由某某医院赞助播出", "企业形象展示", "以上内容为付费刊登",
    "策划：某报广告中心 某某医院 联合出品", "记者 张三 赞助内容",
])
def test_a_line_that_marks_paid_space(line):
    assert paid(line)


@pytest.mark.parametrize("line", [
    "广告热线：2345678", "本版编辑：张三 广告热线", "公益广告", "本文不含商业推广", "地铁站换上无偿献血公益广告", "推广普通话", "整治违规医疗广告", "关于我们 | 广告服务 | 联系我们",
    "新技术推广会召开", "谨防虚假广告", "版权声明：未经授权不得转载", "市一院把适宜技术推广到乡镇。", "本报讯（记者 张三）",
])
def test_a_line_that_only_speaks_of_advertising_marks_nothing(line):
    assert not paid(line)


@pytest.mark.parametrize("name, unit", [("云川市第一人民医院", "syy"), ("云川市第一人民医院官网", "syy"), ("云川市第一人民医院微信公众号", "syy"), ("云川晚报", ""), ("市人民医院", "")])
def test_an_account_of_a_unit_is_its_own_platform(name, unit):
    found = own_unit(name, BUREAU.units)
    assert (found.id if found else "") == unit
