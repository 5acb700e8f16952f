"""The doors of claims: what the pages, the papers and verification ask of the store and of the claims desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import BinaryIO, Protocol

from model.claim import CellProblem, Claim, ClaimEvent, EvidenceItem, Finding, Form, FormRow, Recheck, Submission, Verdict


class ClaimReader(Protocol):
    """Reads; all lists newest first unless said."""

    def submissions(self, unit_id: str = "", period: str = "", limit: int = 200) -> list[Submission]: ...
    def submission(self, submission_id: int) -> Submission | None: ...
    def claims(
        self, submission_id: int = 0, unit_id: str = "", period: str = "", standing: Sequence[str] = (), limit: int = 5000
    ) -> list[Claim]:
        """In the order handed in; withdrawn ones and those of replaced submissions are left out unless asked by `submission_id`."""

    def claim(self, claim_id: int) -> Claim | None: ...
    def claim_events(self, claim_id: int) -> list[ClaimEvent]:
        """Oldest first."""

    def claims_on(self, urls: Sequence[str], story_ids: Sequence[int] = ()) -> list[Claim]:
        """Standing claims (any unit and period, not withdrawn) on one of the canonical addresses or stories; oldest first."""

    def evidence_of(self, claim_id: int) -> list[EvidenceItem]: ...
    def evidence_chain(self, chain: str) -> list[EvidenceItem]:
        """By `seq`."""

    def rechecks(self, states: Sequence[str] = (), unit_id: str = "", limit: int = 500) -> list[Recheck]:
        """The newest look at each claim's page."""

    def claim_counts(self, period: str) -> Mapping[str, Mapping[str, int]]:
        """unit id → standing verdict value → rows."""

    def crawled(self, article_ids: Sequence[int]) -> set[int]:
        """Those of the articles that were fetched by the crawl, not only for a claim."""

    def articles_at(self, canonicals: Sequence[str]) -> Mapping[str, int]:
        """canonical address → article id, of those held (matched or not)."""


class ClaimStore(ClaimReader, Protocol):
    def hand_in(self, unit_id: str, period: str, who: str, form: Form, now: datetime, replaces: int | None = None) -> int:
        """Submission with all its rows, in one transaction; `replaces` is set aside by it."""

    def save_finding(self, claim_id: int, finding: Finding, now: datetime) -> None: ...
    def decide_claim(self, claim_id: int, verdict: Verdict, who: str, reason: str, now: datetime) -> None: ...
    def withdraw_claim(self, claim_id: int, who: str, reason: str, now: datetime) -> None: ...
    def note_claim(self, claim_id: int, who: str, what: str, text: str, now: datetime) -> None: ...
    def add_evidence(self, item: EvidenceItem, seal: Callable[[EvidenceItem], str]) -> EvidenceItem:
        """Append to its chain: `id`, `seq`, `previous` and `hash` are given here.  The same kind, name and bytes of a claim are kept once.
        """

    def claims_undrawn(self, limit: int = 20) -> list[Claim]:
        """Verified and doubtful claims with a page of which no PDF was made or tried, newest first."""

    def claims_to_look_at(self, limit: int = 500) -> list[Claim]:
        """Verified claims with a page, the one not looked at for longest first."""

    def add_recheck(self, recheck: Recheck) -> None: ...
    def due_claims(self, now: datetime, limit: int = 200) -> list[Claim]:
        """待查 whose time to try again has come."""


class ClaimsDesk(Protocol):
    """What the unit's and the secretariat's pages do.  Every method that changes something writes the claim's record."""

    def read_form(self, data: bytes, file_name: str, period: str) -> Form: ...
    def read_typed(self, rows: Sequence[Mapping[str, str]], period: str) -> Form:
        """Rows filled in on the page: keys number, title, day, outlet, link, kind, people, note."""

    def hand_in(self, unit_id: str, period: str, form: Form, who: str, replaces: int | None = None) -> int:
        """Raises ValueError when the form has problems: nothing is half-accepted."""

    def verify(self, submission_id: int, begin: Callable[[str, int], Callable[[int], None]] = ...) -> list[Claim]:
        """Done by a timed job of `serve` within seconds of the handing in; a page need not call it.  `begin(what, total)` is called at the
        start of a phase and gives what is told of its steps.
        """

    def decide(self, claim_id: int, verdict: Verdict, who: str, reason: str) -> Claim: ...
    def answer(self, claim_id: int, who: str, text: str) -> Claim:
        """A unit answers the question of a doubtful row; it stays doubtful for a person."""

    def withdraw(self, claim_id: int, who: str, reason: str) -> None: ...
    def attach(self, submission_id: int, data: bytes, who: str) -> list[CellProblem]:
        """A zip of 佐证材料 (序号+稿件标题) kept with its rows; problems are told and nothing is kept when there are any."""

    def copy_evidence(self, claim_id: int, seq: int, target: BinaryIO) -> EvidenceItem:
        """Write the bytes of one item of a claim.  Raises ValueError (no such item) or pipelines' EvidenceError (gone, changed)."""

    @property
    def draws(self) -> bool:
        """Can pages be drawn as PDF here (is Chromium present)?"""

    def blank_form(self, unit_id: str, period: str) -> bytes: ...
    def filled_form(self, unit_id: str, period: str) -> bytes:
        """With what the system already found for the unit."""

    def rows_found(self, unit_id: str, period: str) -> list[FormRow]: ...
