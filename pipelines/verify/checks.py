"""The checks of a claimed row, one function each: what was claimed, what was found, and what follows, in plain Chinese."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta, timezone

from model.bureau import Bureau
from model.claim import Check, Claim, FormRow, Outcome, Period, Policy, Verdict
from model.clipping import Clipping
from model.outlet import Outlet, Tier
from model.page import PageStatus
from model.story import FirstState
from model.unit import Unit
from pipelines import urls
from pipelines.extract.liveness import LOGIN, SHELL
from pipelines.owner import PLATFORMS
from pipelines.verify.accounts import own_unit
from pipelines.verify.alike import listed, names_outlet, outlet_key, titles
from pipelines.verify.kinds import Kind, kind_of
from pipelines.verify.pages import Landing

PASS, UNSURE, FAIL = Outcome.PASS, Outcome.UNSURE, Outcome.FAIL
_ZONE = timezone(timedelta(hours=8))
_BROADCAST = re.compile(r"电视|广播|卫视|电台|频道|新闻联播|之声|融媒")


def day_of(piece: Clipping) -> date | None:
    return piece.article.published.astimezone(_ZONE).date() if piece.article.published else None


def long_day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "页面未注明"


def reachable(url: str, landing: Landing) -> Check:
    """The address leads to a page that can be read."""
    if urls.expires(url):
        return Check("链接", UNSURE, url, "微信临时链接", "这是几小时后就失效的微信临时链接，不能作凭据；请在微信里用“复制链接”提供永久链接")
    if landing.failed:
        kind = landing.failed.kind
        if kind in ("robots", "type", "too_large", "tls") and not (kind == "tls" and landing.failed.later) or kind == "blocked" and not landing.failed.later:
            return Check("链接", UNSURE, url, landing.failed.reason, f"{landing.failed.reason}，需人工打开核对")
        if kind == "refused":
            return Check("链接", FAIL, url, landing.failed.reason, f"不是可公开访问的网页：{landing.failed.reason}")
        return Check("链接", FAIL, url, landing.failed.reason, f"链接打不开：{landing.failed.reason}；存档中也没有该页", later=True)
    if landing.piece is not None:
        seen = f"{landing.piece.first_seen.astimezone(_ZONE):%Y-%m-%d %H:%M}"
        return Check("链接", PASS, url, landing.piece.article.url, f"存档中已有该页（{seen} 采集）" if landing.archived else f"网页可以打开，已存档（{seen}）")
    if landing.status is PageStatus.GONE:
        return Check("链接", FAIL, url, landing.reason, f"网页已失效：{landing.reason}；存档中也没有该页", later=True)
    if landing.reason.startswith(LOGIN):
        return Check("链接", UNSURE, url, landing.reason, "网页要登录才能看，程序不登录；请凭佐证材料或由人工打开核对")
    if landing.reason == SHELL:
        return Check("链接", UNSURE, url, landing.reason, "网页可以打开，但正文要在浏览器里才显示（客户端分享页多是这样），程序读不到，请人工打开核对")
    if landing.status is PageStatus.BLOCKED:
        return Check("链接", FAIL, url, landing.reason, f"网页暂时读不到：{landing.reason}，将再试", later=True)
    if landing.status is PageStatus.NOT_ARTICLE:
        return Check("链接", FAIL, url, landing.reason, f"链接打开的不是一篇稿件：{landing.reason}")
    return Check("链接", UNSURE, url, landing.reason or "未能读出", f"网页打开了但读不出稿件（{landing.reason or '原因不明'}），需人工核对")


def title(row: FormRow, piece: Clipping, copies: Sequence[Clipping]) -> Check:
    a = piece.article
    own = (
        [a.title, f"{a.kicker} {a.title}", f"{a.title} {a.subtitle}", f"{a.kicker} {a.title} {a.subtitle}", a.original_title]
        if a.kicker or a.subtitle
        else [a.title, a.original_title]
    )
    like = titles(row.title, own)
    if like.kind == "exact":
        return Check("标题", PASS, row.title, a.title, "标题一致")
    if like.kind == "variant":
        return Check("标题", PASS, row.title, a.title, "标题写法略有出入，是同一标题")
    for copy in copies:
        if copy.id != piece.id and titles(row.title, [copy.article.title]).kind in ("exact", "variant"):
            return Check("标题", PASS, row.title, a.title, f"本页标题为“{a.title}”；所填是同一稿件在{copy.outlet_name}的标题")
    if like.kind == "near":
        return Check("标题", UNSURE, row.title, a.title, f"标题相近但不相同，页面标题是“{a.title}”，请确认是否同一篇")
    return Check("标题", FAIL, row.title, a.title, f"链接打开的是另一篇稿件“{a.title}”")


def published(row: FormRow, piece: Clipping) -> Check:
    found, claimed = day_of(piece), date.fromisoformat(row.day) if row.day else None
    shown, asked = long_day(found), long_day(claimed) if claimed else "未填"
    if found is None:
        return Check("日期", UNSURE, asked, shown, "页面上没有可信的发布时间，请人工核对所填日期")
    if claimed is None:
        return Check("日期", PASS, asked, shown, f"表上没有填日期，以页面的{shown}为准")
    if claimed == found:
        return Check("日期", PASS, asked, shown, "日期一致")
    return Check("日期", UNSURE, asked, shown, f"所填日期与页面不符：填的是{asked}，页面是{shown}（相差{abs((claimed - found).days)}天），是否以页面为准")


def outlet(row: FormRow, piece: Clipping, owner: Outlet | None, bureau: Bureau, policy: Policy, account: str = "") -> Check:
    """The owner of the address against the claimed name; on a platform the owner of the `account` is meant."""
    claimed = row.outlet
    meant = listed(bureau, claimed) if claimed else None
    if not claimed:
        return Check("媒体", PASS if owner else UNSURE, "未填", piece.outlet_name, f"表上没有填媒体，网址属于{piece.outlet_name}")
    if owner is not None:
        poster = account or piece.article.source
        if names_outlet(claimed, owner) and owner.tier is Tier.PORTAL and poster and not names_outlet(poster, owner) \
                and listed(bureau, poster) is None and own_unit(poster, bureau.units) is None:
            return Check("媒体", UNSURE, claimed, f"{owner.name}上的“{poster}”", f"由“{poster}”在{owner.name}发布或供稿，平台号以账号主办者为准，请确认其主办单位和类别")
        if names_outlet(claimed, owner):
            return Check("媒体", PASS, claimed, owner.name, f"网址属于{owner.name}，与所填一致")
        if meant is not None and account and names_outlet(account, meant):
            return Check("媒体", PASS, claimed, f"{owner.name}上的“{account}”", f"是{meant.name}在{owner.name}的账号所发，按账号归属认定")
        if owner.tier is Tier.PORTAL and piece.article.source:
            return Check(
                "媒体",
                FAIL,
                claimed,
                owner.name,
                f"网址属于{owner.name}，是其转载或入驻号内容（注明来源“{piece.article.source}”），不是{claimed}；如{claimed}确有刊发，请填该媒体的链接",
            )
        return Check("媒体", FAIL, claimed, owner.name, f"网址属于{owner.name}，不是所填的{claimed}")
    host = piece.outlet_name
    if host in PLATFORMS or piece.article.identity:
        found = piece.article.source or host
        return Check("媒体", UNSURE, claimed, found, f"公众号“{found}”不在媒体名录里，请确认其主办单位和类别")
    outcome = policy.outcome("unknown_outlet")
    if meant is not None:
        return Check("媒体", UNSURE, claimed, host, f"网址的主机 {host} 不是名录中{meant.name}的网址，请确认是否其新网址")
    return Check("媒体", outcome, claimed, host, f"{host}（所填“{claimed}”）不在媒体名录里，请确认媒体及其类别")


def unit(piece: Clipping, mine: Unit, units: Sequence[Unit], owner: Outlet | None) -> Check:
    names = {u.id: u.label for u in units}
    certain = [m for m in piece.mentions if m.certain and m.unit_id == mine.id]
    if certain:
        best = next((m for m in certain if m.role == "correspondent"), None) or next((m for m in certain if m.role == "contributed"), None)
        if best:
            how = "署名通讯员" if best.role == "correspondent" else "署名供稿"
            return Check("涉及单位", PASS, mine.label, best.surface, f"{how}（“{best.surface}”）")
        in_title = any(m.start <= len(piece.article.title) for m in certain)
        return Check(
            "涉及单位",
            PASS,
            mine.label,
            certain[0].surface,
            f"{'标题' if in_title else '正文'}写到“{certain[0].surface}”（{certain[0].how}），共{len(certain)}处",
        )
    unclear = next((m for m in piece.mentions if not (m.certain and m.unit_id) and (mine.id in m.candidates or m.unit_id == mine.id)), None)
    certain_ids = {m.unit_id for m in piece.mentions if m.certain and m.unit_id}
    if unclear and (other := next((u for u in unclear.candidates if u in certain_ids and u != mine.id), "")):
        return Check(
            "涉及单位",
            FAIL,
            mine.label,
            names.get(other, other),
            f"文中的“{unclear.surface}”是{names.get(other, other)}，没有写到{mine.label}",
        )
    if (
        unclear
        and owner is not None
        and owner.region.city
        and mine.region.city
        and owner.region.city != mine.region.city
        and not any(place[:-1] in piece.article.title + piece.article.text for place in (mine.region.city, mine.region.county) if place)
    ):
        return Check(
            "涉及单位",
            FAIL,
            mine.label,
            unclear.surface,
            f"{owner.name}所写的“{unclear.surface}”是{owner.region.city}的，全文没有提到{mine.region.city}",
        )
    if unclear:
        return Check("涉及单位", UNSURE, mine.label, unclear.surface, f"文中只写“{unclear.surface}”，分不清是不是{mine.label}，请确认")
    kin = [u for u in units if u.parent == mine.id or mine.parent == u.id]
    near = next((m for m in piece.mentions if m.certain and m.unit_id in {u.id for u in kin}), None)
    others = "、".join(dict.fromkeys(names.get(m.unit_id, m.surface) for m in piece.mentions if m.unit_id))
    if near and any(u.id == near.unit_id and u.parent == mine.id for u in kin):
        return Check("涉及单位", UNSURE, mine.label, others, f"文中没有写到{mine.label}，写到的是其下属{names[near.unit_id]}，请确认归属")
    return Check("涉及单位", FAIL, mine.label, others or "没有写到本系统的单位", f"文中没有写到{mine.label}" + (f"，写到的是{others}" if others else ""))


def kind(row: FormRow, piece: Clipping, owner: Outlet | None, policy: Policy, around: Sequence[str] = (),
         units: Sequence[Unit] = ()) -> tuple[Check, Kind]:
    """`around`: what the page prints just before and after the article's text."""
    found = kind_of(piece, owner, around, units, row.outlet)
    claimed = row.kind or "新闻稿件"
    if found.id == "article":
        return Check("稿件性质", PASS, claimed, found.label, "是一篇新闻稿件"), found
    outcome = policy.outcome(found.id)
    tail = {PASS: "按办法计入", UNSURE: "是否计入请确认", FAIL: "按办法不计入采用"}[outcome]
    return Check("稿件性质", outcome, claimed, found.label, f"{found.why}，{tail}"), found


def first(piece: Clipping, copies: Sequence[Clipping], policy: Policy, account: str = "") -> tuple[Check, str]:
    """First publication or repost; and to whom the credit of a repost goes.  `account`: who posted it on a platform."""
    story = piece.story
    if story is None:
        return Check("首发转载", PASS, "首发", "未编入稿件组", "文中未写到本系统单位，未与其他稿件比对"), ""
    told = story.first
    if told.article_id == piece.id:
        return Check("首发转载", PASS, "首发", told.state.label, f"{told.state.label}：{told.reason}"), ""
    head = next((c for c in copies if c.id == told.article_id), None) or _unlisted(told.outlet, copies)
    if head is not None and head.id == piece.id:
        return Check("首发转载", PASS, "首发", "首发", f"各稿均注明来自{told.outlet}，本稿即其所发"), ""
    if head is not None and head.outlet_id and head.outlet_id == piece.outlet_id:
        return Check("首发转载", PASS, "首发", f"首发为同一媒体的“{head.article.title}”", f"与首发稿同属{head.outlet_name}（同一媒体的不同版面或网页），算一次"), ""
    if head is not None and head.tier == Tier.OWN.value:
        press = [c for c in copies if c.tier != Tier.OWN.value]
        if press and min(press, key=_when).id == piece.id:
            return Check("首发转载", PASS, "首发", f"通稿由{head.outlet_name}发出", f"由自有平台{head.outlet_name}供稿，本稿是媒体中最早采用的一篇"), ""
        if press:
            head = min(press, key=_when)
    if head is not None:
        where = f"{head.outlet_name}《{head.article.title}》（{long_day(day_of(head))}）"
        reason = piece.edge.reason if piece.edge else ""
        if policy.repost == "accept":
            return Check("首发转载", PASS, "首发或转载", f"转载自{where}", f"是转载（首发{where}），办法允许转载计分"), where
        return Check("首发转载", policy.outcome("repost"), "首发", f"转载，首发为{where}",
                     f"是转载，首发为{where}；同一内容以首次发布为准，只统计一次" + (f"（判断依据：{reason[:80]}）" if reason else "")), where
    if account and outlet_key(told.outlet) == outlet_key(account):
        return Check("首发转载", PASS, "首发", f"{account}在平台上的账号", f"注明来自{told.outlet}，本稿即由其账号所发，没有更早的稿件"), ""
    if told.state is FirstState.UNKNOWN:
        return Check("首发转载", UNSURE, "首发", told.state.label, f"首发不能确定：{told.reason}，请确认"), ""
    name = told.outlet or "其他媒体"
    return Check("首发转载", UNSURE, "首发", f"首发为{name}", f"首发是{name}，本库没有收录其稿；请提供首发链接或确认"), name


def _unlisted(name: str, copies: Sequence[Clipping]) -> Clipping | None:
    """The copy of an outlet that is in no list, by the name it prints of itself."""
    key = outlet_key(name)
    return next((c for c in copies if key and not c.outlet_id and key in (outlet_key(c.article.source), outlet_key(c.outlet_name))), None)


def _when(piece: Clipping) -> tuple:
    return (piece.article.published is None, piece.article.published or piece.first_seen, piece.id)


def within(row: FormRow, piece: Clipping | None, span: Period, policy: Policy) -> Check:
    day = (day_of(piece) if piece else None) or (date.fromisoformat(row.day) if row.day else None)
    if day is None:
        return Check("所属期", UNSURE, span.label, "日期不明", "不能确定发布日期，无法判断是否属于本期")
    if span.holds(day):
        return Check("所属期", PASS, span.label, long_day(day), f"{long_day(day)}发布，在{span.label}内")
    when = "晚于" if day > span.last else "早于"
    return Check("所属期", policy.outcome("late"), span.label, long_day(day), f"{long_day(day)}发布，{when}{span.label}，不在本期")


def claimed_before(claims: Sequence[Claim], mine: str, span: str, this: int, names: dict[str, str], url: str) -> list[Check]:
    """Claims of others, or of earlier periods, on the same address or story; rejected ones do not count."""
    found: list[Check] = []
    for other in claims:
        if other.id == this or other.standing is Verdict.REJECTED:
            continue
        who, same = names.get(other.unit_id, other.unit_id), "同一链接" if other.finding.url == url else "同一稿件"
        where = f"{other.period}第{other.row.number}行"
        if other.unit_id == mine:
            if other.period != span:
                found.append(Check("重复申报", FAIL, "首次申报", f"{other.period}已报", f"{same}本单位在{where}已申报过（{other.standing.label}）"))
            else:
                found.append(Check("重复申报", FAIL, "首次申报", "本期已报", f"{same}本单位在本期另一次填报（第{other.row.number}行）已申报过"))
        else:
            found.append(Check("重复申报", UNSURE, "本单位独家申报", f"{who}也申报了", f"{same}{who}在{where}也申报了，需确认归属或共同计分"))
    return found


def is_broadcast(row: FormRow) -> bool:
    return bool(_BROADCAST.search(row.outlet + row.kind))
