"""A unit named in an article: where, by which name, and how it was resolved."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mention:
    """`start`/`end` are character offsets into title + "\\n" + text.

    `unit_id` is empty when the name could not be resolved: it goes to a queue for a person, never guessed;
    `candidates` then lists the unit ids it may be.  `role`: how the unit stands to the article.
    """

    unit_id: str
    surface: str
    start: int
    end: int
    how: str                       # reason in Chinese for the screen: 全称, 简称+地名“云川”, 指代“该院”→…
    certain: bool = True
    role: str = "mentioned"        # mentioned | correspondent | contributed
    candidates: tuple[str, ...] = ()
