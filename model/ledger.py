"""What a stretch of the ledger comes to: balances, the rows that stand, ranks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from model.credit import LedgerRow, Standing


@dataclass(frozen=True)
class Balance:
    """What the ledger says of one unit."""

    cents: int = 0
    pieces: int = 0
    by_class: Mapping[str, int] = field(default_factory=dict)
    by_kind: Mapping[str, int] = field(default_factory=dict)   # kind of row → cents
    vetoes: int = 0


def replay(rows: Iterable[LedgerRow]) -> dict[str, Balance]:
    """What a stretch of the ledger adds up to: unit id → balance.  The order of rows does not matter.

    A counter-entry takes points and piece away again (its cents are negative already).
    """
    held: dict[str, list] = {}
    for row in rows:
        cents, by_class, by_kind, vetoes = held.setdefault(row.unit_id, [0, {}, {}, 0])
        sign = 1 if row.corrects is None else -1
        if row.kind == "piece":
            by_class[row.class_id] = by_class.get(row.class_id, 0) + sign
        elif row.kind == "veto":
            vetoes += sign
        by_kind[row.kind] = by_kind.get(row.kind, 0) + row.cents
        held[row.unit_id] = [cents + row.cents, by_class, by_kind, vetoes]
    return {unit: Balance(cents, sum(by_class.values()), {k: n for k, n in by_class.items() if n}, by_kind, vetoes)
            for unit, (cents, by_class, by_kind, vetoes) in held.items()}


def standing_rows(rows: Iterable[LedgerRow]) -> list[LedgerRow]:
    """Rows that were not countered, counter-entries left out."""
    rows = list(rows)
    countered = {r.corrects for r in rows if r.corrects is not None}
    return [r for r in rows if r.corrects is None and r.id not in countered]


def ranked(sums: Mapping[str, tuple[int, int, Mapping[str, int]]], groups: Mapping[str, str], vetoed: Iterable[str] = ()) -> list[Standing]:
    """Standings from unit id → (cents, pieces, by class); `groups` names every unit to be listed (zero when absent).

    Ranks are 1-2-2-4 within each group: a rank is one more than the number of units with more points.  A vetoed unit has no rank
    and stands last.
    """
    out, rows = set(vetoed), []
    for unit_id, group in groups.items():
        cents, pieces, by_class = sums.get(unit_id, (0, 0, {}))
        above = sum(1 for other, g in groups.items() if g == group and other not in out and sums.get(other, (0,))[0] > cents)
        rows.append(Standing(unit_id, group, cents, pieces, dict(by_class), 0 if unit_id in out else above + 1, unit_id in out))
    order = {group: at for at, group in enumerate(dict.fromkeys(groups.values()))}
    return sorted(rows, key=lambda r: (order[r.group], r.vetoed, r.rank, -r.cents, -r.pieces, r.unit_id))
