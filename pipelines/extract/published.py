"""When the article was published, to the minute where printed, in Asia/Shanghai.

A time is taken from beside the title first, then from what the page says of itself in metas and
scripts, then from the address.  A missing time stays missing, a future one is refused.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from pipelines.extract import cms, noise
from pipelines.extract.body import Body
from pipelines.extract.candidates import Candidate
from pipelines.extract.document import Document
from pipelines.extract.moments import CLOCK, ZONE, Printed, When, from_url, moment, parse, printed

RECENT = timedelta(days=31)      # a day and minute without a year are believed when they lie so shortly before the fetch
SLACK = timedelta(hours=26)      # clocks and zones differ; what lies further ahead is refused

_SHORT = re.compile(r"(?<![\d/年.-])(0?[1-9]|1[0-2])[-月/](3[01]|[12]\d|0?[1-9])日?\s{0,3}" + CLOCK)
_AGO = re.compile(r"(\d{1,3})\s{0,2}(分钟|小时|天)前|(昨天|今天|前天)\s{0,3}(?:" + CLOCK + r")?|(刚刚)")
_LABEL = re.compile(r"(?:发布|发表|发稿|更新|刊发|出版|上传|发文|播出|投稿|成文|录入|添加|报道)?(?:时间|日期|日|時間)\s{0,3}[:：]?\s{0,6}$|发[布表]于\s{0,3}[:：]?\s{0,3}$|(?:发布|"
                    r"發布|发表)\s{0,3}[:：]?\s{0,3}$|(?:published|posted|released|date|time)\s{0,2}(?:on|at)?\s{0,2}[:：]?\s{0,2}$", re.I)
_UPDATED = re.compile(r"(?:更新|修改|编辑|最后|update)(?:时间|日期|于)?\s{0,3}[:：]?\s{0,4}$", re.I)
_PROSE = re.compile(r"[\s\u3000|:：\d./-]+|来源|作者|编辑|责任|记者|浏览|点击|阅读|字号|字体|评论|分享|打印|关闭|次|大|中|小|发布|时间")
_KEY = re.compile(r"time|date|pub|info|source|meta|laiyuan|riqi|shijian|fbsj|byline|subtitle|\bly\b|sub|article-sub|tit", re.I)
_FAR = re.compile(r"comment|reply|related|recommend|list|rank|hot|foot|copyright|side|nav|gentie|tie-", re.I)
_METAS = (
    "article:published_time", "og:time", "pubdate", "publishdate", "pubtime", "publish_time", "publishtime", "datepublished",
    "article:published", "ptime", "date", "dc.date", "dc.date.issued", "dcterms.created", "parsely-pub-date", "sailthru.date",
    "firstpublishedtime", "publish-date", "og:published_time", "article.published", "og:release_date", "bt:pubdate", "contentdate",
    "_pubtime", "weibo: article:create_at", "apub:time", "dateupdate", "createdate", "releasedate",
)
_WEAK_METAS = ("apub:time", "dateupdate", "date", "firstpublishedtime", "createdate")
_SCRIPT = re.compile(r"(?:(?:19[89]|20[0-4])\d[-/年]\d{1,2}[-/月]\d{1,2}日?[T\s]{0,3}(?:\d{1,2}:\d{2}(?::\d{2})?)?(?:\.\d{1,6})?(?:Z|"
                     r"[+-]\d{2}:?\d{2})?|1[0-9]{9}(?:\d{3})?)(?!\d)")
_NAMED = re.compile(
    r"""(?<![a-z])["']?(publish_?time|pub_?time|publish_?date|pub_?date|datePublished|create_?time|ptime|publish_?at|news_?time|original_?time|show_?time|display_?time|issue_?time|release_?time|ctime|"""
    r"""publishedAt|releaseDate|ct)["']?\s{0,5}[:=]\s{0,5}["']?$""",
    re.I,
)
_AREA = re.compile(r"<textarea[^>]{0,200}time[^>]{0,100}>\s{0,9}([\d :T/年月日+-]{8,32})</textarea>", re.I)
_AFTER = re.compile(r"相关|推荐|热门|最新|排行|评论|跟帖|留言|网友|延伸|更多|猜你|上一篇|下一篇|点击榜|精彩")
_FOUNDED = re.compile(r"(?:建站|开通|成立|备案|审核|截止|统计|创刊|创办|上线)(?:时间|日期|于)?\s{0,2}[:：]?\s{0,2}$")
_STATED = re.compile(r"[\s\u3000]{0,4}(?:本文)?(?:发布|發布|发表|刊发)(?:日期|时间|時間|于)[ \u3000]{0,2}[:：][ \u3000]{0,4}(?=(?:19|20)\d\d)")
_RUN = re.compile(r"(?:19[89]|20[0-4])\d(?:0[1-9]|1[0-2])[-/.月](?:0[1-9]|[12]\d|3[01])(?!\d)")
_READER = re.compile(r"网友|回复|回覆|发表$|楼$|评论|跟帖|引用|投诉|举报|顶\[|赞\d")
def candidates(doc: Document, body: Body, url: str, title_at: int, fetched: datetime, hint: str = "") -> list[Candidate]:
    """Every time the page offers, scored, the believed first; those in the future are left out."""
    out: list[Candidate] = []
    limit = fetched.astimezone(ZONE) + SLACK

    def add(when: When | None, origin: str, score: float, detail: str = "", at: int = -1) -> None:
        if when is not None and when.at <= limit and when.at.year >= 1994:
            out.append(Candidate(when, origin, score, detail, at))

    _printed(doc, body, title_at, fetched, add)
    for name in _METAS:
        for value in doc.metas.get(name, ())[:1]:
            when = parse(value)
            if when:
                add(when, f"meta:{name}", (0.5 if name in _WEAK_METAS else 0.66) + (0.02 if when.precision == "minute" else 0.0), value)
    for el in doc.els:
        if el.tag == "time" and el.attrs.get("datetime"):
            add(parse(el.attrs["datetime"] or ""), "time", 0.6 if el.start <= body.end else 0.35, "", el.start)
    for raw in doc.ld[:10]:
        found = re.search(r'"datePublished"\s{0,9}:\s{0,9}"([^"]{4,40})"', raw) or re.search(r'"pubDate"\s{0,9}:\s{0,9}"([^"]{4,40})"', raw)
        if found:
            add(parse(found.group(1)), "jsonld", 0.68, found.group(1))
    add(parse(cms.field(doc, "date")), "cms:enpproperty", 0.6)
    area = _AREA.search(doc.markup, 0, 2_000_000) if "<textarea" in doc.markup else None
    if area:
        add(parse(area.group(1)), "textarea", 0.55, area.group(1))
    budget = 600_000
    for script in doc.scripts:
        if budget <= 0:
            break
        k = 0
        for found in _SCRIPT.finditer(script, 0, budget):
            named = _NAMED.search(script[max(0, found.start() - 30):found.start()])
            if named:
                add(parse(found.group()), f"script:{named.group(1)}", 0.46 - 0.02 * k, found.group())
                k += 1
                if k > 5:
                    break
        budget -= len(script)
    held = from_url(url)
    add(held, "url", 0.4)
    if hint:
        add(parse(hint), "hint", 0.42, hint)
    return _agree(out, held, body.start + 200)


def _printed(doc: Document, body: Body, title_at: int, fetched: datetime, add) -> None:
    start = body.blocks[0].start if body.blocks else 0
    low = max(0, (title_at if 0 <= title_at < start + 400 else start) - 700)
    high = min(len(doc.text), max(body.end, start) + 500)
    for block in doc.within(body.end + 1, high):
        if _AFTER.search(block.text[:40]):
            for later in doc.within(block.start, high):
                if _STATED.match(later.text) and later.link * 2 < len(later.text) and not _FAR.search(later.owner.key or ""):
                    found = next(printed(later.text[:60]), None)
                    if found is not None:                # the page's own 发布日期 under a bar of buttons
                        add(found.when, "text:文末发布日期", 0.5, later.text[:60], later.start)
                        break
            high = block.start               # what follows belongs to other pieces or to readers
            break
    head_end = start + 60
    found_short: list[tuple[str, re.Match[str], int, float]] = []
    text = doc.text
    for zone_start, zone_end, base in ((low, min(head_end + 200, high), 0.78), (max(head_end + 200, body.end - 300), high, 0.5)):
        if zone_start >= zone_end:
            continue
        zone = text[zone_start:zone_end]
        for found in printed(zone):
            when = found.when
            if (
                when.precision == "minute"
                and when.at.hour < 12
                and (re.search("下午|晚上|PM", found.text) or re.match(r"\s?PM\b", zone[found.end:found.end + 4], re.I))
                and not re.search("[a-z]{3}", found.text)
            ):
                when = When(when.at + timedelta(hours=12), "minute")
            at = zone_start + found.start
            add(*_weigh(doc, body, title_at, start, when, found, zone, at, base))
        if base > 0.6:
            for block in doc.within(zone_start, zone_end):        # `<em>2026</em><em>03</em>/<em>01</em>`: the pieces of a time run together
                if len(block.text) < 60 and block.end - block.start < 80 and _RUN.search(block.text):
                    apart = doc.parted(block.start, block.end).replace("\x1f", " ")
                    for found in printed(apart):
                        add(*_weigh(doc, body, title_at, start, found.when, found, apart, block.start, base))
        for found in _SHORT.finditer(zone):
            found_short.append((zone, found, zone_start + found.start(), base))
        for found in _AGO.finditer(zone):
            when = _relative(found, fetched)
            if when:
                at = zone_start + found.start()
                block = next(iter(doc.within(text.rfind("\n", 0, at) + 1, at + 1)), None)
                if block is not None and len(block.text) < 60 and at < start:
                    add(when, "text:relative", 0.45, found.group(), at)
    for zone, found, at, base in found_short:
        block = next(iter(doc.within(text.rfind("\n", 0, at) + 1, at + 1)), None)
        if block is None or len(block.text) > 80 or at > start:
            continue
        month, day, hour, minute, second = found.groups()
        year = fetched.astimezone(ZONE).year
        when = moment(str(year), month, day, hour, minute, second)
        if when and when.at > fetched.astimezone(ZONE) + timedelta(days=1):
            when = moment(str(year - 1), month, day, hour, minute, second)
        near = when is not None and fetched.astimezone(ZONE) - when.at < RECENT
        add(when, "text:no-year", 0.44 if near else 0.3, found.group(), at)


def _weigh(doc: Document, body: Body, title_at: int, start: int, when: When, found: Printed, zone: str, at: int, base: float):
    """Score of a printed time: near the title, in a short line, labelled, in a box named for it."""
    score = base
    line_start = doc.text.rfind("\n", 0, at) + 1
    block = next(iter(doc.within(line_start, line_start + 1)), None)
    detail = found.text.strip()
    if block is None:
        return when, "text", score - 0.3, detail, at
    line = block.text[:400]
    before = zone[max(0, found.start - 14):found.start]
    inside = any(b is block for b in body.blocks[1:])
    if _LABEL.search(before) and not _UPDATED.search(before):
        score += 0.1
    elif _UPDATED.search(before):
        score -= 0.12
    if len(block.text) > 120 or (inside and len(block.text) > 60):
        score -= 0.45
    if block.link * 2 > len(block.text):
        score -= 0.25
    if len(_PROSE.sub("", line.replace(found.text, ""))) > 24 and not _LABEL.search(before):
        score -= 0.3
    keys = " ".join(el.key for el in _up(block.owner, 3) if el.key)
    if _FAR.search(keys):
        score -= 0.25
    elif _KEY.search(keys):
        score += 0.05
    if block.owner.tag in ("li", "dd", "dt"):
        score -= 0.04
    if title_at >= 0:
        gap = at - title_at
        if 0 <= gap < 300:
            score += 0.08
        elif -300 < gap < 0:
            score += 0.02
        else:
            score -= 0.08
    if at > start and base > 0.6:
        score -= 0.05
    if noise.FOOT.search(line):
        score -= 0.4
    if re.search("foot|copyright|banquan", keys) or _FOUNDED.search(before):
        score -= 0.6
    if base < 0.6:                           # after the body a time must say what it is
        alone = len(block.text.strip()) <= len(detail) + 8
        if not (alone or _LABEL.search(before) or re.search("来源|來源|编辑|责编|作者", line)) or block.link:
            score -= 0.25
        if _READER.search(line):
            score -= 0.3
    if re.search("通过|施行|生效|会议|截至|截止|报名|开庭|出生", line) and len(block.text) > 24:
        score -= 0.25
    if re.search(r"[（(《第]\s{0,3}$", before) and "版" in doc.text[at:at + 40]:
        score -= 0.05
    if when.precision == "minute":
        score += 0.03
    return when, "text", score, detail, at


def _up(el, steps: int):
    for k, a in enumerate(el.above()):
        if k >= steps:
            return
        yield a


def _agree(found: list[Candidate], held: When | None, head_end: int) -> list[Candidate]:
    """Signals that name the same day support one another; on the best day the best minute is taken."""
    days: dict[str, set[str]] = {}
    for c in found:
        days.setdefault(c.value.day, set()).add(c.origin.split(":")[0])
    out = []
    for c in found:
        extra = 0.06 * (min(len(days[c.value.day]), 4) - 1)
        if held and c.origin != "url" and held.day == c.value.day:
            extra += 0.08
        out.append(Candidate(c.value, c.origin, c.score + extra, c.detail, c.at))
    out.sort(key=lambda c: -c.score)
    if out and out[0].value.precision == "day":
        exact = [
            c
            for c in out
            if c.value.precision == "minute"
            and c.value.day == out[0].value.day
            and (c.origin != "text:relative" and not (c.origin == "text" and c.at > head_end))
        ]
        if exact and exact[0].score >= 0.42:
            top = exact[0]
            out.insert(0, Candidate(top.value, top.origin, out[0].score, top.detail, top.at))
    return out


def _relative(found: re.Match[str], fetched: datetime) -> When | None:
    local = fetched.astimezone(ZONE)
    amount, unit, word, hour, minute = found.group(1), found.group(2), found.group(3), found.group(4), found.group(5)
    if found.group(7):
        return When(local, "minute")
    if amount:
        if unit == "天":
            day = (local - timedelta(days=int(amount))).replace(hour=0, minute=0, second=0, microsecond=0)
            return When(day, "day")
        return When(
            (local - (timedelta(minutes=int(amount)) if unit == "分钟" else timedelta(hours=int(amount)))).replace(second=0, microsecond=0),
            "minute",
        )
    day = local - timedelta(days={"今天": 0, "昨天": 1, "前天": 2}[word])
    if hour:
        return When(day.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0), "minute")
    return When(day.replace(hour=0, minute=0, second=0, microsecond=0), "day")
