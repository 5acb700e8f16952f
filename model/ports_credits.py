"""The doors of credits: what the pages and the papers ask, and what a person does to the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from model.circular import Annual, Circular, Letter, Reconciliation, Statement
from model.credit import Appeal, LedgerRow, PeriodEvent, PeriodState, Proposal, Scheme


class ComparedUnit(Protocol):
    """One unit under two schemes: (now, then)."""

    unit_id: str
    group: str
    cents: tuple[int, int]
    pieces: tuple[int, int]
    rank: tuple[int, int]
    change: int
    moved: int


class PreviewView(Protocol):
    units: Sequence[ComparedUnit]
    only_now: Sequence[tuple[str, int]]
    only_then: Sequence[tuple[str, int]]
    changed: int


class CreditsDesk(Protocol):
    """Everything that changes the ledger by a person's hand.  Refusals are ValueError with a Chinese reason."""

    def circular(self, period: str, letter: Letter = ...) -> Circular: ...
    def statement(self, unit_id: str, period: str) -> Statement: ...
    def annual(self, year: str) -> Annual: ...
    def reconciliation(self, period: str) -> Reconciliation: ...
    def preview(self, period: str, then: Scheme) -> PreviewView: ...
    def scheme_of(self, period: str) -> Scheme | None: ...
    def shipped(self) -> dict[str, Scheme]:
        """Schemes that may be looked at: those of the bureau and those shipped, by key."""

    def periods(self, count: int = 8) -> list[PeriodState]:
        """This one and those before it, newest first."""

    def history(self, period: str) -> list[PeriodEvent]: ...
    def close(self, period: str, who: str, reason: str, anyway: bool = False) -> None:
        """Book what the end of the period makes and freeze it.  Refused while credits wait or appeals are open, unless `anyway`."""

    def reopen(self, period: str, who: str, reason: str) -> None: ...
    def accept(self, proposal_id: int, who: str) -> int: ...
    def refuse(self, proposal_id: int, who: str, reason: str) -> None: ...
    def proposals(self) -> list[Proposal]: ...
    def award(self, unit_id: str, rule_id: str, period: str, who: str, reason: str, row_id: int = 0) -> int: ...
    def correct(self, row_id: int, who: str, reason: str, cents: int | None = None) -> int:
        """Counter the row; with `cents` a new row stands in its place."""

    def appeal(self, unit_id: str, row_id: int | None, period: str, who: str, text: str) -> int: ...
    def answer(self, appeal_id: int, upheld: bool, who: str, text: str) -> None: ...
    def appeals(self, unit_id: str = "", state: str = "") -> list[Appeal]: ...
    def outstanding(self, period: str) -> Sequence[object]:
        """What the end of the period will make (unit_id, name, cents, reason) and that is not booked yet."""

    def row(self, row_id: int) -> LedgerRow | None: ...
