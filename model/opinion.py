"""A judgement of opinion about one unit in one article."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    NEGATIVE = "N"                 # negative about a health body, its staff, service or regulation
    RISK = "R"                     # a risk that blames no health body
    POSITIVE = "P"                 # neutral or positive
    OTHER = "X"                    # not about health

    @property
    def label(self) -> str:
        return {"N": "负面", "R": "风险", "P": "正面/中性", "X": "无关"}[self.value]


@dataclass(frozen=True)
class Hit:
    """A vocabulary term found: offsets into title + "\\n" + text; `cancelled` says what turned it neutral, "" if it stands."""

    term: str
    topic: str
    kind: str                      # strong | weak | frame | gap | watch | rule
    start: int
    end: int
    cancelled: str = ""


@dataclass(frozen=True)
class Judgement:
    """`unit_id` empty: about the article as a whole.  `severity` 0–3 (0 none, 3 deaths or mass harm); `score` 0..1."""

    unit_id: str
    label: Label
    score: float
    severity: int = 0
    topic: str = ""                # topic id, e.g. "T02"
    target: str = ""               # the blamed body as printed
    sentence: str = ""             # the deciding sentence
    words: tuple[str, ...] = ()    # the deciding words
    hits: tuple[Hit, ...] = ()
    reason: str = ""               # in Chinese, for the screen
    alarm: str = ""                # kind of case (model.alert.KINDS) it opens whatever its label, "" by the label alone
