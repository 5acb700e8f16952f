"""The article's own title: what the page's heading and its `<title>` agree on, in the printed form."""

from __future__ import annotations

import json
import re

from pipelines.extract import cms, noise
from pipelines.extract.body import Body
from pipelines.extract.candidates import Candidate
from pipelines.extract.credits import is_credit
from pipelines.extract.document import Document, El
from pipelines.extract.ellipsis import completed
from pipelines.extract.headline import NAMED_SITE, fold, one_line, stem, strip_site, tidy

_KEYED = re.compile(r"(?:^|[\s_-])(?:title|tit|headline|biaoti|bt|h-title|main-?title|arti?c?l?e?-?title|news-?title|art-?title|"
                    r"con-?title|cont?ent-?title|wzbt|bt_title|"
                    r"l_tit|title1|xl_title|xltitle|show_?title|activity-name|subject|caption_title|founder-title)(?=$|[\s_\d-])|title|"
                    r"headline|biaoti", re.I)
_NOT = re.compile(r"sub|second|fu-?t|futi|vice|nav|menu|foot|side|list|item|related?|recommend|hot|rank|logo|site|column|channel|lanmu|"
                  r"modal|comment|share|more|box-?t|mod-?t|"
                  r"copyright|keyword|print|crumb|intro|summary|yinti|kicker|shoulder|jianti|otitle|source", re.I)
_GENERIC = re.compile(r"^(?:新闻(?:中心|动态|资讯|详情|正文|内容)?|正文|首页|详细(?:信息|内容|页面)?|文章(?:详情|内容|正文|页)?|内容(?:页|详情)?|无标题(?:文档)?|"
                      r"untitled(?: document)?|详情(?:页)?|通知公告|信息公开|工作动态|"
                      r"相关(?:新闻|阅读|链接|推荐)|热门推荐|友情链接|推荐阅读|图片新闻|当前位置|公示公告|要闻|头条|登录|提示信息?|404.*)$", re.I)
_DATE = re.compile(r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}")
_META_LINE = re.compile(r"(?:来源|來源|作者|时间|時間|日期|发布|发表于|阅读|浏览|点击|编辑|责编|字号)\s?[:：]?|(?:19|"
                        r"20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?[\s\u3000]{0,3}(?:\d{1,2}:\d\d|$|\n|·|\|)", re.M)
_PLAIN_TAGS = frozenset(("h4", "strong", "b", "font", "td", "p", "div", "span"))
MAX_LENGTH = 160


def candidates(doc: Document, body: Body, hint: str = "") -> list[Candidate]:
    """Every title the page offers, scored; the first in score is the title."""
    head = doc.title
    heads = {fold(s): s for s in stem(head)}
    whole = fold(head)
    out: list[Candidate] = []
    limit = body.end if body.box is not None else len(doc.text)
    start = body.blocks[0].start if body.blocks else limit
    for el in doc.els:
        if el.start > start + 400 or el.start > limit:
            break
        heading = el.tag in ("h1", "h2", "h3", "founder-title")
        keyed = bool(el.key and _KEYED.search(el.key)) and el.tag in (
            "div",
            "p",
            "span",
            "td",
            "strong",
            "h4",
            "h5",
            "h6",
            "b",
            "font",
            "dt",
            "li",
            "section",
            "th",
            "em",
        )
        if not heading and not keyed and el.tag not in _PLAIN_TAGS:
            continue
        size = el.end - el.start
        if not 4 <= size <= 2 * MAX_LENGTH or not heading and not keyed and el.start < start - 2500:
            continue
        raw = doc.text[el.start:el.end].strip()
        if raw.count("\n") > 3 or _META_LINE.search(raw) and (_DATE.search(raw) or "\n" in raw):
            continue
        text = one_line(raw.split("\n"), head) if "\n" in raw else tidy(raw)
        if not 3 <= len(text) <= MAX_LENGTH or _GENERIC.match(text):
            continue
        key = fold(text)
        agreed = _agreement(key, whole, heads)
        if "\n" in raw and not heading and agreed < 0.5:
            continue
        shown = _display(el) if not heading and (keyed or agreed >= 0.5 or start - 1200 < el.start <= start + 60) else 0.0
        if not heading and not keyed and agreed < 0.5 and (shown < 0.1 or len(text) < 5 or "。" in text or len(text) > 60):
            continue
        score = 0.25 * agreed * 2
        if el.tag == "h1":
            score += 0.16
        elif heading:
            score += 0.11 if el.tag == "h2" else 0.09
        if keyed:
            score += 0.05 if (el.key and _NOT.search(el.key)) else 0.12
        if el.key and _NOT.search(el.key):
            score -= 0.08
        score += shown + _near(el.start, start)
        if el.hidden:
            score -= 0.1
        if _linked(doc, el) and not (agreed >= 0.85 and len(key) >= 8):      # a title may link to its own page
            score -= 0.3
        out.append(Candidate(text, f"{el.tag}{'.' + el.key.split()[0] if el.key else ''}", score, f"与 <title> 相合 {agreed:.2f}", el.start))
    out += _joined(doc, head, whole, start)
    out += _plain_lines(doc, start)
    for name in ("articletitle", "og:title", "twitter:title", "title", "headline", "dc.title"):
        for value in doc.metas.get(name, ())[:1]:
            value = tidy(value)
            text = strip_site(value)
            if 3 <= len(text) <= MAX_LENGTH and not _GENERIC.match(text):
                seen = any(c.value != "" and fold(str(c.value)) == fold(text) for c in out)
                score = (
                    0.36 + 0.25 * _agreement(fold(text), whole, heads) + (0.05 if seen else 0.0) + (0.15 if name == "articletitle" else 0.0)
                )
                out.append(Candidate(text, f"meta:{name}", score))
    held = cms.title(doc)
    if held:
        out.append(Candidate(tidy(held), "cms:enpproperty", 0.62 + 0.2 * _agreement(fold(held), whole, heads)))
    for text in _jsonld(doc):
        out.append(Candidate(text, "jsonld", 0.4 + 0.25 * _agreement(fold(text), whole, heads)))
    if head:
        text = strip_site(head)
        if len(text) >= 3 and not _GENERIC.match(text):
            out.append(Candidate(text, "title", _alone(doc, text, start)))
    if hint:
        text = tidy(hint)
        out.append(Candidate(text, "hint", 0.3 + 0.15 * _agreement(fold(text), whole, heads)))
    if hint:
        key = fold(hint).rstrip(".")
        out = [
            (
                Candidate(c.value, c.origin, c.score + 0.12, c.detail, c.at)
                if fold(str(c.value)).startswith(key) and len(key) > 5 and c.origin != "hint"
                else c
            )
            for c in out
        ]
    out.sort(key=lambda c: -c.score)
    return completed(out, doc, body, MAX_LENGTH)


def _alone(doc: Document, text: str, start: int) -> float:
    """Belief in `<title>` with no heading asked: little where it only names the site, more where the page prints it too."""
    if text == tidy(doc.meta("og:site_name", "sitename", "site_name", "application-name")) or len(text) <= 12 and NAMED_SITE.search(text):
        return 0.12
    printed = fold(text) in fold(doc.text[max(0, start - 2500):start + 400])
    return (0.5 if printed else 0.4) if len(text) >= 6 else 0.3 if printed else 0.2


def _agreement(key: str, whole: str, heads: dict[str, str]) -> float:
    """1 for a text that is `<title>` up to a separator, less for parts of it, 0 for a stranger."""
    if not whole or not key:
        return 0.0
    if key in heads:
        return 1.0
    if whole.startswith(key):
        if len(key) < 6:
            return 0.4
        return 0.9 if 2 * len(key) >= min(len(head) for head in heads) else 0.7      # far less than `<title>`: 引题 perhaps
    if len(key) >= 6 and any(head.endswith(key) and 2 * len(key) > len(head) for head in heads):
        return 0.85                                # `<title>` prints 引题 before it
    if key in whole:
        return 0.6 if len(key) >= 0.4 * len(whole) else 0.35
    for head in heads:
        if len(head) >= 8 and key.startswith(head):
            return 0.85
        if len(head) >= 8 and head in key:
            return 0.5
    return 0.0


def _display(el: El) -> float:
    """How much a plain element is set like a heading: large type, bold, centred – by its own style or its parent's."""
    score = 0.0
    for k, above in enumerate(el.above()):
        if k > 2 or k and above.end - above.start > el.end - el.start + 4:
            break
        attrs = above.attrs
        style = (attrs.get("style") or "").replace(" ", "").lower()
        size = re.search(r"font-size:(\d{1,3})(?:\.\d)?(px|pt)", style)
        if (
            size
            and int(size.group(1)) >= (18 if size.group(2) == "px" else 14)
            or above.tag == "font"
            and re.match(r"\+?[2-7]", attrs.get("size") or "")
            and (attrs.get("size") or "")[-1] in "4567"
        ):
            score += 0.14
        if above.tag in ("strong", "b", "h4") or "font-weight:bold" in style:
            score += 0.06
        if (attrs.get("align") or "").lower() == "center" or "text-align:center" in style or above.tag == "center":
            score += 0.06
    return min(score, 0.22)


def _near(at: int, start: int) -> float:
    gap = start - at
    if gap < 0:
        return 0.06 if gap > -200 else 0.0
    return 0.12 if gap < 400 else 0.06 if gap < 1500 else 0.0


def _linked(doc: Document, el: El) -> bool:
    blocks = doc.within(el.start, max(el.end, el.start + 1))
    link = sum(b.link for b in blocks)
    return bool(blocks) and link * 2 > el.end - el.start


def _joined(doc: Document, head: str, whole: str, start: int) -> list[Candidate]:
    """A heading broken into lines: two to four lines that together begin `<title>`."""
    out: list[Candidate] = []
    lines = [b for b in doc.within(max(0, start - 1500), start + 300)]
    for i, block in enumerate(lines):
        key = fold(block.text)
        if len(key) < 3 or not whole.startswith(key):
            continue
        parts, j = [block.text], i
        while j + 1 < len(lines) and j - i < 4:
            following = fold(lines[j + 1].text)
            if len(following) < 2 or not whole.startswith(key + following):
                break
            key += following
            parts.append(lines[j + 1].text)
            j += 1
        if j > i:
            out.append(Candidate(one_line(parts, head), "lines", 0.52 + _near(block.start, start), "分行的标题", block.start))
    return out


def _plain_lines(doc: Document, start: int) -> list[Candidate]:
    """For pages that set their title like any line: short lines above the body, best right above the line of the time."""
    blocks = [b for b in doc.within(max(0, start - 700), start + 1) if b.link * 3 <= len(b.text) and not b.owner.hidden]
    out: list[Candidate] = []
    for k, block in enumerate(blocks):
        text = tidy(block.text)
        if (
            not 6 <= len(text) <= 60
            or "。" in text
            or _GENERIC.match(text)
            or _DATE.search(text)
            or _META_LINE.search(text)
            or noise.LINE.match(text)
            or noise.STOP.match(text)
            or re.search("[>»]|首页|@", text)
            or is_credit(text)
            or re.fullmatch(r"[\u4e00-\u9fff 、]{2,12}[/／][\u4e00-\u9fffA-Za-z]{2,16}", text)
        ):
            continue
        following = blocks[k + 1].text if k + 1 < len(blocks) else ""
        dated = bool(_DATE.search(following) and len(following) < 90)
        out.append(
            Candidate(
                text,
                "line",
                0.1 + (0.12 if dated else 0.0) + 0.4 * _near(block.start, start),
                "时间上面的一行" if dated else "正文前的一行",
                block.start,
            )
        )
    return out


def _jsonld(doc: Document) -> list[str]:
    out = []
    for raw in doc.ld[:10]:
        if "headline" not in raw:
            continue
        found = re.search(r'"headline"\s{0,9}:\s{0,9}("(?:[^"\\]|\\.){1,600}")', raw)
        if found:
            try:
                out.append(tidy(str(json.loads(found.group(1), strict=False))))
            except ValueError:
                continue
    return out
