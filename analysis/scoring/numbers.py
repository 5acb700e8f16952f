"""Points as whole hundredths: written, rounded and shared without a float and without losing a hundredth."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def points(cents: int) -> str:
    """`600` → "6.00"."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def times(value: Fraction) -> str:
    """A multiplier as people write it: `2`, `0.5`, `1/3`."""
    for digits in range(4):
        scaled = value * 10 ** digits
        if scaled.denominator == 1:
            whole = abs(scaled.numerator)
            text = f"{whole // 10 ** digits}" + (f".{whole % 10 ** digits:0{digits}d}" if digits else "")
            return ("-" if value < 0 else "") + text
    return f"{value.numerator}/{value.denominator}"


def rounded(value: Fraction) -> int:
    """Half up, away from zero: 2.5 → 3, −2.5 → −3."""
    doubled = abs(value) * 2 + 1
    whole = doubled.numerator // (doubled.denominator * 2)
    return whole if value >= 0 else -whole


def shares(cents: int, weights: Sequence[Fraction]) -> list[int]:
    """`cents` divided by weights; the hundredths left over go to the largest remainders, the earlier first: the sum is `cents`."""
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    exact = [cents * w / total for w in weights]
    parts = [value.numerator // value.denominator for value in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[:cents - sum(parts)]:
        parts[i] += 1
    return parts
