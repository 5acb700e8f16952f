"""A change of words or rules as asked for, and what a rehearsal of it on the archive shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from model.errors import Problem
from model.lesson import Lesson
from model.mention import Mention
from model.opinion import Judgement


@dataclass(frozen=True)
class Saved:
    """An article of the archive."""

    id: int
    title: str
    text: str
    mentions: tuple[Mention, ...] = ()
    outlet: str = ""
    at: datetime | None = None     # published, or first seen where that is missing


@dataclass(frozen=True)
class Change:
    """`before` and `after` are about the same unit (or the whole article)."""

    article: Saved
    before: Judgement
    after: Judgement


@dataclass(frozen=True)
class Rehearsal:
    read: int = 0
    judged: int = 0                    # articles that hold a changed word
    newly: tuple[Change, ...] = ()     # would alert now
    no_longer: tuple[Change, ...] = () # would not alert any more
    otherwise: tuple[Change, ...] = () # alert or not as before, but another label, topic, target or severity
    lessons: tuple[tuple[Lesson, str, str], ...] = ()   # cases judged otherwise: (case, label before, label after)
    cases: int = 0                     # cases tried
    seconds: float = 0.0
    left: int = 0                      # articles that hold a changed word and were not judged in the time given; they are the oldest …
    down_to: datetime | None = None    # … published before this


@dataclass(frozen=True)
class WordChange:
    """One edit of the bureau's words: to `place` (`T01.strong`, `frames`, `flips.enforcement`, `extra.calm`) or, with `rule`, of its own rules.

    `removed` without `added` takes words out, both together replace them.  `rule`: the fields of the rule (KEYS of rules.yaml),
    `rule_was`: the name of the rule that it replaces; with an empty `rule` that one is removed.
    """

    place: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    rule: Mapping[str, str] = field(default_factory=dict)
    rule_was: str = ""


@dataclass(frozen=True)
class Tried:
    """A change that was tried: what is wrong with it, or what it would do.  `mark` is of the file that it was tried on."""

    problems: tuple[Problem, ...] = ()
    rehearsal: Rehearsal | None = None
    mark: str = ""

    @property
    def faults(self) -> tuple[Problem, ...]:
        return tuple(p for p in self.problems if not p.warning)
