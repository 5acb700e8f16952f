"""The doors of stories and names: what the pages ask about a story's chain, and what a person decides about stories and unit names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from model.clipping import Clipping
from model.resolution import Resolution


@dataclass(frozen=True)
class Step:
    """`child` (article id) took the story from `parent`, or None: first publication, or from where is not held.

    `reason`: how we know; `change`: what was changed against the parent, in words ("" where there is none or it was not looked at).
    """

    child: int
    parent: int | None
    reason: str
    change: str = ""


@dataclass(frozen=True)
class OpenName:
    """A name in a clipping that waits for a person: `before` and `after` are the words around its first place.

    `seen`: number of the decision that stands (0: none); `copies`: pieces of the same story that wait with the same name, this one too.
    """

    clipping: Clipping
    surface: str
    how: str
    candidates: tuple[str, ...]
    before: str
    after: str
    places: int
    seen: int
    copies: int


@dataclass(frozen=True)
class Decided:
    """What stands about a name, with the piece it stands in."""

    resolution: Resolution
    clipping: Clipping


class SpanView(Protocol):
    """[start, end) of a text; `kind`: same, changed, only, moved or aside; `other`: what the other copy has in its place."""

    start: int
    end: int
    kind: str
    other: str


class DifferencesView(Protocol):
    a: Sequence[SpanView]
    b: Sequence[SpanView]
    summary: str


class StoryDesk(Protocol):
    """Refusals are ValueError with a Chinese reason."""

    def chain(self, story_id: int) -> list[Step]:
        """Every copy once: the first publication before the rest, then by time."""

    def compare(self, a: Clipping, b: Clipping) -> DifferencesView:
        """In what two whole copies differ."""

    def merge(self, a: int, b: int, who: str) -> int:
        """The stories of two articles are one; returns its id.  Kept against re-runs; credits and alerts are looked at anew."""

    def split(self, article_ids: Sequence[int], who: str) -> int:
        """Articles of one story are another one of their own; returns its id.  Kept against re-runs."""


class NameDesk(Protocol):
    """Refusals are ValueError with a Chinese reason."""

    def waiting(self, limit: int = 50) -> tuple[list[OpenName], int]:
        """(names left for a person, newest clippings first, once for the copies of a story; number of clippings that have one)"""

    def decided(self, limit: int = 50) -> list[Decided]: ...
    def of(self, clipping: Clipping) -> list[Resolution]:
        """What people decided about names in the clipping."""

    def decide(self, article_id: int, surface: str, unit_id: str, who: str, seen: int, copies: bool) -> int:
        """The name means the unit, "" none of ours; `seen` as shown when it was decided: somebody may have been quicker.

        `copies`: also in the other copies of the story that wait with the same name.  Returns the number of articles decided;
        their judgements, credits and alerts are made anew.
        """
