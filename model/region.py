"""A place in the administrative order: province, prefecture city, county or district."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Region:
    province: str = ""
    city: str = ""
    county: str = ""

    def __str__(self) -> str:
        return "".join(p for p in (self.province, self.city, self.county) if p)

    def __bool__(self) -> bool:
        return bool(self.province or self.city or self.county)
