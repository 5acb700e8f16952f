"""A candidate for a field: what was read, where, and how much it is believed."""

from __future__ import annotations

from dataclasses import dataclass

from model.article import Signal


@dataclass(frozen=True)
class Candidate:
    """`value` any field value, `origin` where it was read, `score` the belief (comparable within a field), `at` offset or -1."""

    value: object
    origin: str
    score: float
    detail: str = ""
    at: int = -1

    def signal(self) -> Signal:
        return Signal(self.origin, max(0.0, min(1.0, self.score)), self.detail)


def best(candidates: list[Candidate]) -> Candidate | None:
    """The highest score; among equals the one listed first."""
    return max(candidates, key=lambda c: c.score, default=None)
