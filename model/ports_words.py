"""The door of the words desk: words and rules tried and saved, cases taught, what they taught."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from model.clipping import Clipping
from model.errors import Problem
from model.lesson import Lesson
from model.rehearsal import Tried, WordChange


@dataclass(frozen=True)
class Taught:
    """What the desk's cases taught.  `weights`: name → weight, the largest first; `fresh`: cases given since it was trained."""

    enabled: bool
    after: int
    cases: int = 0
    at: str = ""
    weights: Mapping[str, float] = field(default_factory=dict)
    fresh: int = 0
    most: float = 0.0              # by how much a score can be shifted at most


class WordsDesk(Protocol):
    """Refusals are ValueError with a Chinese reason, or the problems in the answer."""

    def own(self) -> frozenset[tuple[str, str]]:
        """(place, word) in the bureau's own file, words taken out with their minus; places as in `WordChange`."""

    def rehearse(self, change: WordChange, who: str, whole: bool = False) -> Tried:
        """What the change would do on the archive of the last 90 days and to the desk's cases; nothing is saved.

        Within seconds, the newest articles first; with `whole` all of them, however long it takes.
        """

    def save(self, change: WordChange, who: str, mark: str) -> list[Problem]:
        """Write the change; refused when the file is another than the one it was tried on (`mark`), or when it has a fault."""

    def lessons(self) -> tuple[list[Lesson], list[Problem]]:
        """The cases in force, newest first, and lines of the file that cannot be read."""

    def lessons_of(self, clipping: Clipping) -> list[Lesson]: ...
    def teach(self, article_id: int, unit_id: str, label: str, reason: str, who: str) -> Lesson:
        """A click on a clipping: what it is (N, R, P, X), about a unit or (unit_id "") as a whole."""

    def label_case(self, incident_id: int, label: str, reason: str, who: str) -> int:
        """What a person says of a whole incident (a false alarm, or none after all) becomes cases of its articles; returns how many."""

    def taught(self) -> Taught: ...
    def train(self) -> Taught: ...
    def switch(self, on: bool) -> list[Problem]: ...
