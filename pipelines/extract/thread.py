"""Where readers begin to talk: comments under an article, answers in a forum, that no class and no heading gives away.

Readers' lines are known by what a page prints beside each of them – `3小时前 回复`, `发表于 2026-3-2 08:02`, `2楼` – again and
again in boxes of one kind.  A news ticker prints bare times and stays.
"""

from __future__ import annotations

import re

from pipelines.extract.body import worth
from pipelines.extract.document import Block, El

_TIME = r"(?:20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.月]\d{1,2}日?)(?:\s{0,3}\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
_AGO = r"(?:\d{1,3}\s?(?:秒|分钟|小时|天|周|个月|年)前|刚刚|(?:昨天|前天|今天)\s?\d{0,2}[:：]?\d{0,2})"
_WORD = r"(?:回复|回覆|举报|赞|顶|踩|点赞|引用|支持|反对|只看该作者|来自[^\s，。]{1,10}|(?:查看)?(?:全部)?\d{1,5}条回复)"
_MARK = re.compile(rf"\s{{0,3}}(?:(?:[^\s，。！？]{{1,12}}\s{{1,3}}){{0,2}}(?:发表于|发布于|回复于|评论于|发表时间[:：]?)\s{{0,2}}(?:{_TIME}|{_AGO})[^，。]{{0,16}}|(?:{_TIME}|{_AGO})?[\s·|⋅]{{0,4}}(?:\S{{1,8}}\s{{1,3}})?"
                   rf"{_WORD}(?:[\s·|⋅（()）\d]{{0,8}}{_WORD}?){{0,4}}[\s·⋅\d（()）]{{0,8}}|[^\s，。！？：:]{{0,14}}\s{{0,3}}{_AGO}|\d{{1,4}}\s?(?:楼|#|F)|[1-9]\d{{0,3}}楼\s{{1,3}}\S{{1,16}}|沙发|板凳|地板)\s{{0,3}}", re.I)
_BARE = re.compile(rf"\s{{0,3}}{_TIME}\s{{0,3}}")
MAX_MARK = 40


def begins(kept: list[Block]) -> int:
    """Index of the first line that is a reader's, len(kept) where none is."""
    marks = [k for k, b in enumerate(kept) if len(b.text) <= MAX_MARK and (_MARK.fullmatch(b.text) or _BARE.fullmatch(b.text) and _named(kept, k))]
    if len(marks) < 2:
        return len(kept)
    for first, second in zip(marks, marks[1:]):
        one, other = _branches(kept[first].owner, kept[second].owner)
        if one is None or other is None or one.tag != other.tag:
            continue
        for own in (one, other):                                 # a forum's first post is the article
            start = next((k for k, b in enumerate(kept) if _holds(own, b)), 0)
            if sum(max(0.0, worth(b)) for b in kept[:start]) > 20:
                return start
    return len(kept)


def _named(kept: list[Block], k: int) -> bool:
    """Does a short linked name stand right before the line, or right before the one above it?"""
    return any(0 <= j < k and len(kept[j].text) <= 20 and kept[j].link * 10 > len(kept[j].text) * 7 for j in (k - 1, k - 2))


def _branches(one: El, other: El) -> tuple[El | None, El | None]:
    """The children of the nearest common box that hold each of the two."""
    mine = list(one.above())
    depth = {el.i: k for k, el in enumerate(mine)}
    before: El | None = None
    for el in other.above():
        if el.i in depth:
            k = depth[el.i]
            return (mine[k - 1] if k else None), before
        before = el
    return None, None


def _holds(box: El, block: Block) -> bool:
    return box.i <= block.owner.i <= box.last
