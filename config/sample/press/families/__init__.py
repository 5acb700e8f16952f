"""The page families of the sample press: how one kind of site prints an article and its list.  The list is explicit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Sequence

from config.sample.press.families import (
    atom, big5, broadcast, continued, county, dated, epaper, jsonld, magazine, plain, portal, stream, table, trs, wechat,
)
from config.sample.press.piece import House, Piece

Article = Callable[[Piece, int, Sequence[Piece]], str]
Index = Callable[[House, Sequence[Piece], str], str]


@dataclass(frozen=True)
class Family:
    """`article(piece, part, near)` and `index(house, pieces, next_url)` give HTML; `index` None: found by feed or layout only."""

    id: str
    article: Article
    index: Index | None = None


FAMILIES = {f.id: f for f in (
    Family("plain", plain.article, plain.index),
    Family("table", table.article, table.index),
    Family("big5", big5.article, big5.index),
    Family("trs", trs.article, trs.index),
    Family("dated", dated.article, dated.index),
    Family("broadcast", broadcast.article),
    Family("atom", atom.article),
    Family("jsonld", jsonld.article),
    Family("magazine", magazine.article, magazine.index),
    Family("epaper", epaper.article),
    Family("wechat", wechat.article),
    Family("portal", portal.article, portal.index),
    Family("stream", stream.article, stream.index),
    Family("county", county.article, county.index),
    Family("continued", continued.article, continued.index),
)}
