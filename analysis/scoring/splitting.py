"""A piece's points among its units: full each, equal, by weights, first only, the correspondents' take all."""

from __future__ import annotations

from fractions import Fraction

from analysis.scoring.numbers import points, rounded, shares, times
from analysis.scoring.rating import Rated
from model.credit import Scheme
from model.piece import Contributor

POLICIES = {"full": "各计全分", "equal": "平分", "weights": "按比例", "first": "计第一单位", "correspondent": "计通讯员所在单位"}
STRONG = ("correspondent", "contributed", "claimed")


def divided(rated: Rated, scheme: Scheme) -> list[tuple[Contributor, int, str, str]]:
    """(unit, hundredths, arithmetic, rule) for each unit that earns; those named as contributors come before those merely named."""
    units = sorted(_once(rated.piece.contributors), key=lambda c: c.role not in STRONG)
    if not units:
        return []
    if scheme.split == "first":
        units = units[:1]
    elif scheme.split == "correspondent":
        units = [c for c in units if c.role in ("correspondent", "contributed")] or units[:1]
    if len(units) == 1 or scheme.split in ("full", "first"):
        plain = " × " not in rated.arithmetic and " + " not in rated.arithmetic and " − " not in rated.arithmetic
        words = rated.arithmetic + (" × 1" if plain else "")
        rule = POLICIES[scheme.split] if len(units) > 1 else ""
        return [(c, rated.cents, f"{words} = {points(rated.cents)}", rule) for c in units]
    weights = _weights(units, scheme)
    total = sum(weights)
    found = []
    for contributor, cents, weight in zip(units, shares(rated.cents, weights), weights):
        share = weight / total
        least = rounded(rated.cents * scheme.least_share)
        if share < scheme.least_share:
            words = f"{rated.arithmetic} × 份额 {times(share)}，不低于 {times(scheme.least_share)} = {points(least)}"
            found.append((contributor, least, words, f"{POLICIES[scheme.split]}，每份不低于{times(scheme.least_share)}"))
            continue
        said = f"÷ {len(units)}" if len(set(weights)) == 1 else f"× 份额 {times(share)}"
        found.append((contributor, cents, f"{_bracketed(rated.arithmetic)} {said} = {points(cents)}", POLICIES[scheme.split]))
    return found


def _weights(units: list[Contributor], scheme: Scheme) -> list[Fraction]:
    """The shares printed with the piece, else those of the scheme by position (its last for all that follow), else equal."""
    if scheme.split == "weights":
        if all(c.weight for c in units):
            return [c.weight for c in units]
        if scheme.weights:
            return [scheme.weights[min(i, len(scheme.weights) - 1)] for i in range(len(units))]
    return [Fraction(1)] * len(units)


def _bracketed(words: str) -> str:
    return f"（{words}）" if " + " in words or " − " in words else words


def _once(contributors: tuple[Contributor, ...]) -> list[Contributor]:
    """Each unit once, by its strongest role."""
    held: dict[str, Contributor] = {}
    for c in contributors:
        if c.unit_id not in held or (c.role in STRONG and held[c.unit_id].role not in STRONG):
            held[c.unit_id] = c
    return list(held.values())
