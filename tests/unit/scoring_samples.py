"""Pieces and shipped schemes that the tests of scoring are written with."""

from __future__ import annotations

from functools import cache

from config.entry import Report
from config.schemes import read_schemes, shipped_scheme
from model.claim import period
from model.credit import Scheme
from model.outlet import Outlet, Tier
from model.piece import Contributor, Piece

OUTLETS = {"people-cn": Outlet("people-cn", "人民网", Tier.CENTRAL)}
Q4 = period("2026Q4")


@cache
def shipped(name: str) -> Scheme:
    report = Report()
    scheme, = read_schemes(report, [shipped_scheme(name)], OUTLETS)
    assert not report.problems, report.problems
    return scheme


def by(*units: str, role: str = "correspondent", **more) -> tuple[Contributor, ...]:
    return tuple(Contributor(u, role, "供稿", **more) for u in units)


def piece(number: int = 1, tier: str = "provincial", day: str = "2026-11-02", units: tuple[Contributor, ...] = by("a"), **more) -> Piece:
    given = {"story_id": number, "outlet_id": f"o{number}", "length": 800} | more
    return Piece(number, day=day, tier=tier, contributors=units, **given)


def repost(number: int, tier: str, **more) -> Piece:
    return piece(number, tier, first=False, original=False, **more)
