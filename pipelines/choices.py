"""A copy that comes late takes over what a person chose for the names of its story; the choice is kept with the copy as well."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from model.clipping import Record
from model.mention import Mention
from model.ports import Writer
from model.resolution import open_name, resolved

WITH_STORY = "，随同一稿件"          # behind the name of who decided


def taken_over(w: Writer, story_id: int, article_id: int, record: Record, unit_names: Mapping[str, str], now: datetime) -> tuple[Mention, ...]:
    """The mentions of a new copy, its open names as chosen for the other copies; `record.mentions` itself where nothing was chosen."""
    names: dict[str, list[Mention]] = {}
    for mention in record.mentions:
        names.setdefault(mention.surface, []).append(mention)
    mine = {surface: mentions for surface, mentions in names.items() if any(map(open_name, mentions))}
    chosen = w.chosen(story_id, article_id) if mine else {}
    if mine.keys().isdisjoint(chosen):
        return record.mentions
    for surface in mine.keys() & chosen.keys():
        candidates = dict.fromkeys(u for m in mine[surface] if open_name(m) for u in (*m.candidates, m.unit_id) if u)
        w.resolve(record.article.canonical, surface, chosen[surface].unit_id, chosen[surface].who.removesuffix(WITH_STORY) + WITH_STORY, now,
                  all(map(open_name, mine[surface])), tuple(candidates))
    return resolved(record.mentions, w.resolutions(record.article.canonical), unit_names)
