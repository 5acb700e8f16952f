"""A copy that comes late takes over what a person chose for the names of its story; the choice is kept with the copy as well."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from analysis.reposts import Text, judge
from model.clipping import Record
from model.mention import Mention
from model.ports import Writer
from model.resolution import Resolution, open_name, resolved

WITH_STORY = "，随同一稿件"          # behind the name of who decided


def taken_over(w: Writer, story_id: int, article_id: int, record: Record, unit_names: Mapping[str, str],
               now: datetime) -> tuple[Mention, ...]:
    """The mentions of a new copy, its open names as chosen for the other copies; `record.mentions` itself where nothing was chosen."""
    names: dict[str, list[Mention]] = {}
    for mention in record.mentions:
        names.setdefault(mention.surface, []).append(mention)
    mine = {surface: mentions for surface, mentions in names.items() if any(map(open_name, mentions))}
    if not mine:
        return record.mentions
    chosen: dict[str, Resolution] = {s: c for s, c in w.chosen(story_id, article_id).items() if s in mine}
    if not chosen and len(w.members(story_id)) == 1:
        chosen = {s: c for s in mine if (c := _denied(w, s, record))}
    if not chosen:
        return record.mentions
    for surface, choice in chosen.items():
        candidates = dict.fromkeys(u for m in mine[surface] if open_name(m) for u in (*m.candidates, m.unit_id) if u)
        w.resolve(record.article.canonical, surface, choice.unit_id, choice.who.removesuffix(WITH_STORY) + WITH_STORY, now,
                  all(map(open_name, mine[surface])), tuple(candidates))
    return resolved(record.mentions, w.resolutions(record.article.canonical), unit_names)


def _denied(w: Writer, surface: str, record: Record) -> Resolution | None:
    """The choice “none of ours” for an article that this one copies: it left its story then, so that there is none to ask."""
    mine = Text(record.article.title, record.article.text, record.article.published)
    for choice, held in w.denied(surface):
        if judge(mine, Text(held.article.title, held.article.text, held.article.published)).relation.joins:
            return choice
    return None
