"""What one piece is worth before it is shared: its class, its base, the multipliers and additions, with the arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from analysis.scoring.numbers import points, rounded, times
from model.credit import OutletClass, Scheme, When
from model.piece import Piece


@dataclass(frozen=True)
class Rated:
    piece: Piece
    klass: OutletClass
    base: int                      # hundredths
    cents: int                     # after multipliers and additions
    arithmetic: str                # `省级 6.00 × 头版头条 2`
    rules: tuple[str, ...] = ()


def holds(when: When, piece: Piece, class_id: str = "") -> bool:
    """Do all bounds of the condition hold for the piece?  A length that is not known holds no bound on length."""
    return ((not when.positions or piece.position in when.positions)
            and (not when.forms or piece.form in when.forms)
            and (not when.genres or piece.genre in when.genres)
            and (not when.kinds or piece.kind in when.kinds)
            and (not when.outlets or piece.outlet_id in when.outlets)
            and (not when.classes or class_id in when.classes)
            and (not when.min_length or piece.length >= when.min_length)
            and (not when.under_length or 0 < piece.length < when.under_length)
            and (not when.min_reads or piece.reads >= when.min_reads))


def class_for(scheme: Scheme, piece: Piece) -> OutletClass | None:
    """The class of the piece: one that names its outlet before one of its kind before one of its tier; a narrowed one before a plain one."""
    if not piece.original and piece.tier in scheme.source_tiers and piece.source_outlet_id:
        piece = replace(piece, outlet_id=piece.source_outlet_id, tier=piece.source_tier)
    fits = [c for c in scheme.classes if holds(c.when, piece, c.id)]
    narrow = sorted(fits, key=lambda c: c.when == When())
    return (next((c for c in narrow if piece.outlet_id and piece.outlet_id in c.outlets), None)
            or next((c for c in narrow if piece.kind and piece.kind in c.kinds), None)
            or next((c for c in narrow if piece.tier in c.tiers), None))


def rate(piece: Piece, klass: OutletClass, scheme: Scheme) -> Rated:
    """Base, then multipliers, then additions; rounded once, at the end."""
    base, said, rules = _base(piece, klass)
    value, words = Fraction(base), f"{said} {points(base)}"
    factors = [f for f in scheme.factors if holds(f.when, piece, klass.id)]
    if scheme.combine == "highest" and factors:
        factors = [max(factors, key=lambda f: f.times)]
    for factor in factors:
        value *= factor.times
        words += f" × {factor.name} {times(factor.times)}"
        rules.append(f"{factor.name} ×{times(factor.times)}")
    for extra in (a for a in scheme.additions if holds(a.when, piece, klass.id)):
        value += extra.cents
        words += f" {'+' if extra.cents >= 0 else '−'} {extra.name} {points(abs(extra.cents))}"
        rules.append(f"{extra.name} {points(extra.cents)}")
    return Rated(piece, klass, base, rounded(value), words, tuple(rules))


def _base(piece: Piece, klass: OutletClass) -> tuple[int, str, list[str]]:
    cents, said, rules = klass.cents, klass.name, [f"类别“{klass.name}”"]
    step = next((s for s in klass.steps if holds(s.when, piece, klass.id)), None)
    if step:
        cents, said = step.cents, f"{klass.name}（{step.name}）"
        rules.append(step.name)
    if not piece.original and klass.repost_cents is not None:
        cents, said = klass.repost_cents, f"{klass.name}（转载）"
        rules.append("转载另计")
    if klass.growth and piece.reads > klass.growth.start:
        more = (piece.reads - klass.growth.start) // klass.growth.each
        if more:
            cents += more * klass.growth.cents
            said += f"（阅读{piece.reads}）"
            rules.append(f"超过{klass.growth.start}次后每{klass.growth.each}次加{points(klass.growth.cents)}")
    return cents, said, rules
