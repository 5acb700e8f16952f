"""Which copies of one story count: 转载 under the five policies."""

from __future__ import annotations

from collections.abc import Sequence

from model.credit import OutletClass, Scheme
from model.piece import Piece

POLICIES = {"first": "只计首发", "highest": "取最高一级", "highest_per_class": "每类取一次", "sum": "累计", "never": "转载一律不计"}


def merged(copies: Sequence[tuple[Piece, OutletClass]], first: Piece | None, scheme: Scheme) -> list[tuple[Piece, OutletClass]]:
    """The copies of one story that count, in their order; `copies` are the eligible ones, `first` its first publication if held.

    first: the first publication, or nothing when it does not count; never: that and only when it is the outlet's own text; highest:
    the one of the class with most points, the first publication among equals; highest_per_class: one of each class; sum: all.
    """
    def height(pair: tuple[Piece, OutletClass]) -> tuple:
        return (pair[1].cents, first is not None and pair[0] is first, pair[0].original)

    if scheme.reposts in ("first", "never"):
        return [(p, k) for p, k in copies if p is first and (scheme.reposts == "first" or p.original)]
    if scheme.reposts == "highest":
        return [max(copies, key=height)] if copies else []
    if scheme.reposts == "highest_per_class":
        best: dict[str, tuple[Piece, OutletClass]] = {}
        for pair in copies:
            if pair[1].id not in best or height(pair) > height(best[pair[1].id]):
                best[pair[1].id] = pair
        return [pair for pair in copies if best[pair[1].id] is pair]
    return list(copies)
