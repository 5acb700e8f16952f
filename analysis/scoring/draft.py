"""A credit that a story deserves, before it is in the ledger."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Draft:
    """`full_cents` and `full_arithmetic` are before caps."""

    unit_id: str
    article_id: int
    scheme: str
    class_id: str
    class_name: str
    cents: int
    period: str
    arithmetic: str
    reason: str
    person: str = ""
    day: str = ""
    full_cents: int = 0
    full_arithmetic: str = ""
    outlet_id: str = ""
    rules: tuple[str, ...] = ()
    role: str = "mentioned"        # of the unit, as `Contributor.role`
    claim_id: int = 0
    caps: tuple[str, ...] = ()     # names of the caps it falls under

    @property
    def key(self) -> tuple:
        return (self.unit_id, self.article_id, self.scheme, self.class_id, self.cents, self.period)
