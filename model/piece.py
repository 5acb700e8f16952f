"""A publication as the counting rules see it, whatever way it came: from the crawl, from a claim, from a person."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Contributor:
    """A unit that may earn by a piece.  `weight` is its share where the paper gives one (3:1); `why` is shown."""

    unit_id: str
    role: str = "mentioned"        # correspondent | contributed | claimed | mentioned
    why: str = ""
    people: tuple[str, ...] = ()
    weight: Fraction | None = None
    claim_id: int = 0


@dataclass(frozen=True)
class Piece:
    """`day` ISO, the day of publication; `length` in characters without blanks, 0 unknown; `marks`: paid, invited, notice, negative."""

    id: int                        # article id, 0 when no article is held
    story_id: int
    day: str
    outlet_id: str
    tier: str
    outlet_name: str = ""
    title: str = ""
    kind: str = ""                 # of the outlet: newspaper, site, wechat, … ; or bulletin (简报), journal (学术刊物) and the like
    form: str = "text"             # text | pictures | video | audio
    genre: str = ""                # brief (简讯), info (信息), feature (通讯), … as the scheme names them
    position: str = ""             # 头版头条, 报眼, 头版, 整版, 首页, …
    length: int = 0
    reads: int = 0
    first: bool = True             # the first publication of its story
    original: bool = True          # the outlet's own text, no repost
    marks: tuple[str, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    source_outlet_id: str = ""     # where a repost was taken from
    source_tier: str = ""
    handed_in: str = ""            # ISO day on which the unit handed it in, "" when it did not
    claim_id: int = 0
