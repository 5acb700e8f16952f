"""What stands in the body's box and is no article: noise boxes, head lines, tails, signatures; tables become rows."""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.extract import noise, thread
from pipelines.extract.body import NOTHING, Body, worth
from pipelines.extract.credits import is_credit
from pipelines.extract.dateline import original_title
from pipelines.extract.document import Block, Document, El

_SPACE = re.compile(r"[\s\u3000]+")
_SENTENCE = re.compile("[。！？!?…；;]")
_DATE = re.compile(r"(?:20\d\d|19[89]\d)\s?[-年/.]\s?\d{1,2}\s?[-月/.]\s?\d{1,2}")
_MINUTE = re.compile(r"(?<![\d.])\d{1,2}[-/.月]\d{1,2}日?\s{0,3}\d{1,2}[:：]\d{2}(?!\d)")
_PIECES = re.compile(r"(?:19|20)\d\d[\s年/.-]{1,4}\d{1,2}[\s月/.-]{1,4}\d{1,2}[\s日]{0,4}\d{1,2}:\d{2}")
_HEADLINE = re.compile(r"来源|來源|稿源|时间|時間|发布|發布|作者|记者|编辑|浏览|点击|阅读|字号|评论|分享|打印")
_PAGES = re.compile(r"(?:[\[［【(（<]?\s?(?:\d{1,3}|上一页|下一页|上页|下页|首页|尾页|末页|全文|Next|Prev|共\d{1,3}页|第\d{1,3}页(?:\s?/\s?共\d{1,3}页)?|[.…·|<>«»"
                    r"]{1,3})\s?[\]］】)）>]?[\s\u3000|·]{0,4}){1,60}", re.I)
_MORE = re.compile(r"[\s\u3000]{0,4}(?:[（(【\[]?(?:返回[^\s。，]{1,8}[，,]\s?)?(?:点击)?(?:查看|阅读|了解|进入)(?:更多|全文|详情|原文|专题)[^。]{0,8}[）)】\]]?|"
                   r">>+[^。]{0,16}|返回[\u4e00-\u9fff]{2,6}>{0,2})$")
# the portal's own way back, hung on the last sentence
_BACK = re.compile(r"[\s\u3000（(【\[]{0,4}返回[^\s。，！？]{1,8}[，,]\s?(?:点击)?查看更多[）)】\]]?[\s\u3000]{0,3}$")
# a heading of a box of teasers that was set before the text
_PICKS = re.compile(r"[\s\u3000【\[]*(?:今日|编辑|精选|精彩|本周|每日|重点|热点|热门|图片|视频|头条|相关)推荐[\s\u3000】\]：:]*")
_EDITOR = re.compile(r"责任?编辑?|責任?編輯?|编辑|編輯|[终三]审|值班编委")
_LONE = re.compile(r"[（(【\[][^（()）。，！？；]{2,16}[）)】\]]")
_COLUMN = re.compile(r"[【\[]([^【】\[\]\d]{2,14})[】\]]")
_BUTTON = re.compile(r"[+＋]?\d{0,6}|图集|视频|图片|播放|赞|顶|踩|分享|收藏|评论|\W{1,3}|[点點][赞讚]|正文|全文|END|end|完|未完待续|[（(](?:完|待续|未完)[）)]|"
                     r"[-—\s]*(?:THE\s?)?END[-—\s]*|"
                     r"(?:(?:[点點]?[赞讚]|顶|踩|[打赞]?赏|分享|收藏|评论|转发|在看|微信|微博|QQ空间)[\s\u3000|:：(（\d)）]{0,12}){1,8}", re.I)
_SHEET = re.compile(r"[\s\u3000]*[（(]?\s?《[^》]{2,16}》\s?[（(]?\s{0,3}(?:19|20)\d\d\s{0,2}[年-].{0,40}|[（(]?\s{0,2}(?:原载|刊载|"
                    r"载)于?《[^》]{2,16}》.{0,30}")
_ICON = re.compile("[\ue000-\uf8ff]+")
MAX_ROW = 300


def trim(body: Body, title: str, subtitle: str = "", kicker: str = "") -> Body:
    """The body's lines without noise boxes, what precedes the first paragraph, and everything from the first tail on."""
    box = body.box
    if box is None or not body.blocks:
        return body
    size = max(1, box.end - box.start)
    noisy: dict[int, bool] = {}
    own = body.origin == "#js_content"       # inside a WeChat body every box is the author's own, whatever its editor called it
    kept = [
        b
        for b in body.blocks
        if not (b.owner.hidden and not box.hidden) and (own or not _noisy_box(b.owner, box, size, noisy, body.blocks))
    ] or list(body.blocks)
    kept = kept[:thread.begins(kept)]
    kept = kept[_head(kept, title, subtitle, kicker):]
    kept = kept[:_tail(kept)]
    teasers = _teasers(kept)
    kept = [b for k, b in enumerate(kept) if k not in teasers and not _stray(b)]
    while len(kept) > 1 and (
        len(kept[-1].text) < 300 and noise.FOOT.search(kept[-1].text) or _promo(kept[-1].text) or _PAGES.fullmatch(kept[-1].text.strip())
    ):
        kept.pop()
    if not kept:
        return replace(NOTHING, box=box, start=body.start, end=body.end, origin=body.origin)
    return replace(body, blocks=tuple(kept), start=kept[0].start, end=kept[-1].end)


def lines(doc: Document, body: Body) -> list[str]:
    """The body's lines as text, table rows as cells parted by a tab, `查看更多` ends off."""
    out: list[str] = []
    k = 0
    blocks = body.blocks
    while k < len(blocks):
        row = _row(blocks[k], body.box)
        if row is not None:
            j = k
            while j < len(blocks) and row.i <= blocks[j].owner.i <= row.last:
                j += 1
            cells = _cells(blocks[k:j], row)
            if len(cells) > 1 and sum(map(len, cells)) <= MAX_ROW:
                out.append("\t".join(cells))
                k = j
                continue
        text = _BACK.sub("", _plain(blocks[k].text))
        text = _MORE.sub("", text) if blocks[k].link else text
        if text:
            out.append(text)
        k += 1
    return out


def clean(held: list[str]) -> list[str]:
    """The lines without the signatures at either edge; the people are kept as fields."""
    out = list(held)
    while len(out) > 1 and (
        _edge(out[0]) or _COLUMN.fullmatch(out[0]) or is_credit(out[0]) or original_title(out[:1]) and len(out[0]) < 160
    ):
        out.pop(0)
    while len(out) > 1 and (
        _edge(out[-1]) or is_credit(out[-1]) or original_title(out[-1:]) and len(out[-1]) < 160 or _LONE.fullmatch(out[-1])
    ):
        out.pop()
    return out


def column(held: list[str]) -> str:
    """A column printed as the first line: `【新春走基层】`."""
    found = _COLUMN.fullmatch(held[0]) if held else None
    return found.group(1) if found else ""


def _edge(line: str) -> bool:
    """A line that is nothing at the edge of a text: a counter, a button, the paper's own sheet line."""
    return bool(_BUTTON.fullmatch(line) or len(line) < 60 and _SHEET.fullmatch(line))


def _plain(text: str) -> str:
    return _ICON.sub("", text).strip(" \u3000\t")


def _noisy_box(el: El, box: El, size: int, held: dict[int, bool], lines: tuple[Block, ...]) -> bool:
    """Does the line lie, inside the body's box, in one that is named for something else and is not most of it?"""
    known = held.get(el.i)
    if known is None:
        known = False
        for above in el.above():
            if above.i <= box.i:
                break
            named = (
                above.tag in ("footer", "nav", "button", "form")
                or above.key
                and noise.BOX.search(above.key)
                and not noise.BODY_BOX.search(above.key)
            )
            if (
                named
                and (above.end - above.start) * 2 < size
                and (above.tag in ("footer", "nav", "button") or noise.SURE_BOX.search(above.key) or _poor(above, lines))
            ):
                known = True
                break
        held[el.i] = known
    return known


def _poor(box: El, lines: tuple[Block, ...]) -> bool:
    """Does the box hold no paragraph to speak of, or begin with a link as a teaser does?"""
    held = [b for b in lines if box.i <= b.owner.i <= box.last]
    return not held or held[0].link * 2 > len(held[0].text) or sum(map(worth, held)) < 60


def _head(kept: list[Block], title: str, subtitle: str, kicker: str) -> int:
    """Index of the first line that is not title, time line, share line or the like."""
    folded = _SPACE.sub("", title)
    also = {_SPACE.sub("", t) for t in (subtitle, kicker) if t}
    first = 0
    total = sum(max(0.0, worth(b)) for b in kept)
    gained = 0.0
    for k, block in enumerate(kept[:25]):
        gained += max(0.0, worth(block))
        if gained > 0.4 * total and k > first:
            break                            # a title again after the text is another piece's
        flat = _SPACE.sub("", block.text)
        if (
            flat == folded
            or len(flat) >= 4
            and flat in also
            or len(flat) > 8
            and folded
            and flat.startswith(folded)
            and len(flat) < len(folded) + 8
        ):
            first = k + 1
        elif (
            len(flat) < 90
            and not _SENTENCE.search(flat)
            and _DATE.search(flat)
            and (_HEADLINE.search(flat) or k <= first + 2 and len(flat) < 60 and "，" not in flat)
        ):
            first = k + 1
        elif k == first and block.link * 10 > len(block.text) * 7 and (not _SENTENCE.search(flat) or _downwards(kept, k)):
            first = k + 1
        elif k == first and len(flat) == 1:
            first = k + 1
        elif k == first and (_PICKS.fullmatch(block.text) or _PAGES.fullmatch(block.text.strip())):
            first = k + 1
        elif k <= first + 1 and len(flat) < 40 and _MINUTE.search(block.text) and not re.search("[。，；：]", _MINUTE.sub("", block.text)):
            first = k + 1                    # a line of particulars whose day has no year
        elif (
            k == first
            and len(flat) < 60
            and not _SENTENCE.search(flat)
            and (noise.LINE.match(block.text) or re.match(r"(?:来源|來源|稿源)\s?[:：]", flat))
        ):
            first = k + 1
    first = max(first, _time_run(kept))
    return first if first < len(kept) else 0


def _downwards(kept: list[Block], k: int) -> bool:
    """Does a heading set downwards, one character a line, end above line `k`?"""
    return k > 0 and len(kept[k - 1].text.strip()) == 1


def _time_run(kept: list[Block]) -> int:
    """Index after a time set in pieces on short lines (`2019` / `09/07` / `19:02`) before the first paragraph, and the links beside it."""
    lead = next((k for k, b in enumerate(kept[:16]) if worth(b) > 25), 0)
    if not lead:
        return 0
    joined = "\n".join(b.text for b in kept[:lead])
    found = None
    for found in _PIECES.finditer(joined):
        pass
    if found is None:
        return 0
    k = joined.count("\n", 0, found.end()) + 1
    while k < lead and len(kept[k].text) < 30 and (kept[k].link * 2 > len(kept[k].text) or noise.LINE.match(kept[k].text)):
        k += 1
    return k


def _tail(kept: list[Block]) -> int:
    """Index from which nothing is article: the first stop line after half of the text, or a run of links at the end."""
    total = sum(max(0.0, worth(b)) for b in kept) or 1.0
    gained = 0.0
    last = len(kept)
    for k, block in enumerate(kept):
        if gained > 0.5 * total and len(block.text) < 60 and noise.STOP.match(block.text):
            last = k
            break
        if (
            gained > 0.4 * total
            and len(block.text) < 40
            and noise.STOP.match(block.text)
            and all(b.link * 2 > len(b.text) for b in kept[k + 1 : k + 3])
            and kept[k + 1 : k + 3]
        ):
            last = k
            break
        if gained > 0.5 * total and len(block.text) < 60 and _EDITOR.search(block.text) and is_credit(block.text):
            last = k + 1                     # where the editor signs, the article has ended; further credits may follow
            while last < len(kept) and is_credit(kept[last].text):
                last += 1
            break
        gained += max(0.0, worth(block))
    while last > 1:
        block = kept[last - 1]
        if block.link * 10 > len(block.text) * 7 and not _SENTENCE.search(block.text):
            last -= 1
        else:
            break
    return last


def _stray(block: Block) -> bool:
    """A line that is never article wherever it stands."""
    text = block.text
    if len(text) < 120 and noise.LINE.match(text):
        return True
    return (
        block.link * 10 > len(text) * 9
        and len(text) > 1
        and not _SENTENCE.search(text)
        and block.owner.tag in ("li", "dd", "dt", "div", "td", "h2", "h3", "h4", "ul")
    )


def _teasers(kept: list[Block]) -> set[int]:
    """`相关新闻：` amid the text with the links under it."""
    out: set[int] = set()
    for k, block in enumerate(kept):
        if len(block.text) < 16 and noise.STOP.match(block.text):
            end = k + 1
            while end < len(kept) and kept[end].link * 2 > len(kept[end].text):
                end += 1
            if end > k + 1:
                out.update(range(k, end))
    return out


def _promo(text: str) -> bool:
    return len(text) < 70 and bool(noise.PROMO.search(text)) and not re.search("[。；]", text.rstrip("。！!"))


def _row(block: Block, box: El | None) -> El | None:
    """The table row inside the body's box that holds the line."""
    for el in block.owner.above():
        if box is not None and el.i <= box.i:
            return None
        if el.tag == "tr":
            return el
    return None


def _cells(blocks: tuple[Block, ...], row: El) -> list[str]:
    cells: dict[int, list[str]] = {}
    for block in blocks:
        cell = next((el for el in block.owner.above() if el.tag in ("td", "th") or el is row), row)
        cells.setdefault(cell.i, []).append(_plain(block.text))
    return [" ".join(parts) for parts in cells.values()]
