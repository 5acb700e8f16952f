"""In which class of a scheme an outlet counts: named by id first, by tier second, else 其他."""

from __future__ import annotations

from datetime import datetime, timedelta

from model import credit
from model.bureau import Bureau
from model.credit import Scheme
from model.outlet import Tier

from dashboards.weeks import local

OTHER = ("other", "其他")


def class_of(scheme: Scheme | None, outlet_id: str, tier: str) -> tuple[str, str]:
    """(class id, class name), as the scheme itself says; 其他 for what is in none of its classes."""
    found = credit.class_of(scheme, outlet_id, tier) if scheme else None
    return (found.id, found.name) if found else OTHER


def scheme_in(bureau: Bureau, until: datetime) -> Scheme | None:
    """The scheme in force on the last day before `until` (exclusive)."""
    return bureau.scheme_on(local(until - timedelta(seconds=1)).date().isoformat())


def is_own(bureau: Bureau, outlet_id: str, tier: str) -> bool:
    """A unit's own platform: never an adoption, counted apart."""
    outlet = bureau.outlet(outlet_id)
    return tier == Tier.OWN or bool(outlet and (outlet.tier is Tier.OWN or outlet.own_unit))
