"""Does a piece count at all under a scheme?  The first of the steps."""

from __future__ import annotations

from analysis.periods import backfill_until
from model.credit import Scheme
from model.outlet import Tier
from model.piece import Piece

_MARKS = {"paid": "合作版面、专版或广告不计", "invited": "约稿不计", "notice": "通知公告不计", "negative": "对单位不利的报道不计"}


def refused(piece: Piece, scheme: Scheme) -> str:
    """Why the piece does not count, in Chinese; "" when it does."""
    if piece.tier == Tier.OWN and not scheme.own_counts:
        return "自有平台不计"
    for mark in piece.marks:
        if mark in scheme.exclude:
            return _MARKS.get(mark, f"“{mark}”不计")
    if piece.kind and piece.kind in scheme.exclude:
        return f"“{piece.kind}”类媒体不计"
    if not piece.original and "repost" in scheme.exclude:
        return "转载不计"
    if piece.form == "text" and 0 < piece.length < scheme.min_length:
        return f"不足{scheme.min_length}字不计（{piece.length}字）"
    if scheme.backfill_day and piece.handed_in and piece.handed_in > backfill_until(piece.day, scheme.backfill_day):
        return f"逾期补报不计（应于{backfill_until(piece.day, scheme.backfill_day)}前报，{piece.handed_in}报）"
    return ""
