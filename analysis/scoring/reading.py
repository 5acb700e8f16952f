"""A clipping as a piece: what the page says of position, form, genre and marks, and the units that may earn by it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from analysis.periods import day_of
from model.article import Article
from model.clipping import Clipping
from model.opinion import Label
from model.outlet import Outlet
from model.piece import Contributor, Piece

_BRIEF = re.compile("简讯|短讯|快讯|一句话新闻|要闻简报")
_PAID = re.compile("专版|形象版|形象展示|合作版|合作推广|特约刊登|广告|推广|宣传专页")
_NOTICE = re.compile("(通知|公告|公示|启事|声明|招标|中标|采购|招聘)(?:书|结果)?$")
SURE = 0.6                     # score of a signal from which on a place on the page is believed
_FRONT = re.compile("0*1|A0*1|头版")
_ROLES = {"correspondent": "供稿", "contributed": "供稿", "mentioned": "涉及"}


def pieces_of(copies: Sequence[Clipping], outlet_of: Callable[[str], Outlet | None] = lambda outlet_id: None) -> list[Piece]:
    """The copies of one story (whole texts) as pieces, in order."""
    first = next((c for c in copies if c.is_first), None)
    return [_piece(c, first, outlet_of(c.outlet_id)) for c in copies]


def _piece(clipping: Clipping, first: Clipping | None, outlet: Outlet | None) -> Piece:
    article = clipping.article
    place = f"{article.column} {article.page_name}"
    marks = [name for name, found in (("paid", _PAID.search(place)), ("notice", _NOTICE.search(article.title.strip()))) if found]
    is_first = clipping is first
    return Piece(
        id=clipping.id, story_id=clipping.story.id if clipping.story else 0, day=day_of(article.published or clipping.first_seen),
        outlet_id=clipping.outlet_id, tier=clipping.tier, outlet_name=clipping.outlet_name, title=article.title, kind=outlet.kind if outlet else "",
        form={"text": "text", "pictures": "pictures", "video": "video"}.get(article.kind, "text"),
        genre="brief" if _BRIEF.search(f"{article.column} {article.kicker}") else "",
        position=_position(article),
        length=len("".join(article.text.split())), first=is_first, original=is_first and article.is_original is not False,
        marks=tuple(marks), contributors=_contributors(clipping),
        source_outlet_id=first.outlet_id if first and not is_first else "", source_tier=first.tier if first and not is_first else "")


def _position(article: Article) -> str:
    """The place on the page where the layout tells it; one guessed from the order of a list (a signal below SURE) earns no more than its page does."""
    signal = article.signals.get("position")
    if article.position and (signal is None or signal.score >= SURE):
        return article.position
    return "头版" if _FRONT.fullmatch(article.page_no.strip()) else ""


def _contributors(clipping: Clipping) -> tuple[Contributor, ...]:
    """Units named for certain.  Of bad news only those who contributed it, and never the one it is bad for: an exposé of one hospital
    is no publicity for the bureau that it happens to name."""
    bad = {j.unit_id for j in clipping.judgements if j.label is Label.NEGATIVE}
    people = clipping.article.correspondents
    found: dict[str, Contributor] = {}
    for mention in clipping.mentions:
        if mention.unit_id and mention.certain and mention.unit_id not in bad:
            strong = mention.role in ("correspondent", "contributed")
            if bad and not strong:
                continue
            if mention.unit_id not in found or strong and found[mention.unit_id].role == "mentioned":
                why = f"{_ROLES.get(mention.role, '涉及')}：“{mention.surface}”（{mention.how}）"
                found[mention.unit_id] = Contributor(mention.unit_id, mention.role, why, people)
    return tuple(found.values())
