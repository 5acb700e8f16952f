"""Where a gapped pattern is worth trying: words of which every match must hold one."""

from __future__ import annotations

import re

_HAN_RUN = re.compile("[\u4e00-\u9fff]+")
_PLAIN_GROUP = re.compile(r"\(([\u4e00-\u9fff|]+)\)(?![?*{])")
_GROUP = re.compile(r"\([^()]*\)[?*]?|\[[^\]]*\]|\{[^}]*\}")


def anchors(pattern: str) -> set[str]:
    """Words one of which occurs in every match of `pattern`; the longest such set that can be told, else all its words.

    `拖欠.{0,8}(工资|绩效)` → {工资, 绩效} or {拖欠}: a group of plain alternatives, or a run of letters outside all groups.
    """
    every = set(_HAN_RUN.findall(pattern))
    if _nested(pattern):
        return every
    sets = [set(group.split("|")) - {""} for group in _PLAIN_GROUP.findall(pattern)]
    bare = _GROUP.sub("\0", pattern)
    if "|" in bare:
        return every
    sets += [{run} for run in re.findall(r"[\u4e00-\u9fff]+(?![\u4e00-\u9fff?*{])", bare)]
    return max(reversed(sets), key=lambda words: min(len(w) for w in words), default=every)   # of equals the later: it says what happened


def _nested(pattern: str) -> bool:
    """Is there a group in a group, or more than plain letters, gaps and alternatives?"""
    depth = deepest = 0
    for sign in pattern:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    return deepest > 1 or "\\" in pattern or "(?" in pattern
