"""Claims put to work: the desk that the pages and the command line use, and verification over processes."""

from __future__ import annotations

import logging
import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime, time, timedelta, timezone
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from app.house import House
from model.claim import (
    CellProblem,
    Claim,
    EvidenceItem,
    Form,
    FormRow,
    PageState,
    Period,
    Recheck,
    Verdict,
    period as period_of,
)
from model.page import QueuedPage
from model.errors import Decision
from pipelines import intake, packs, pictures
from pipelines.archive import ArchiveError
from pipelines.decode import decode
from pipelines.evidence import Evidence
from pipelines.fetcher import Fetcher
from pipelines.intake import forms, materials
from pipelines.intake.grid import Unreadable
from pipelines.intake.zips import BROKEN
from pipelines.packs.check import Checked
from pipelines.packs.make import Packed
from pipelines.verify import Pages, Verifier
from pipelines.verify.again import look
from pipelines.verify.pages import LOT, Remembering, Settled

log = logging.getLogger("jianbao.claims")
_ZONE = timezone(timedelta(hours=8))
WORTH_PROCESSES = 24               # fetched pages from which on processes are started
PROCESSES = 2
LEASE = timedelta(minutes=10)       # a verification that was begun and not ended within it died with its process


Begin = Callable[[str, int], Callable[[int], None]]   # (what is done, how much of it) → told of each step


def quiet(what: str, total: int) -> Callable[[int], None]:
    return lambda n: None


class Desk:
    """`model.ports_claims.ClaimsDesk` over one house."""

    def __init__(self, house: House, processes: int = PROCESSES):
        self.house, self.processes = house, processes

    @property
    def evidence(self) -> Evidence:
        var = self.house.bureau().var
        return Evidence(self.house.store, var / "evidence", self.house.archive, self.house.clock)

    def read_form(self, data: bytes, file_name: str, period: str) -> Form:
        return intake.read(data, file_name, period)

    def read_typed(self, rows: Sequence[Mapping[str, str]], period: str) -> Form:
        return intake.typed(rows, period)

    def hand_in(self, unit_id: str, period: str, form: Form, who: str, replaces: int | None = None) -> int:
        if form.problems or not form.rows:
            raise ValueError("这份表还有问题，没有受理：" + "；".join(map(str, form.problems[:5])))
        if self.house.bureau().unit(unit_id) is None:
            raise ValueError(f"没有编号为“{unit_id}”的单位")
        return self.house.store.hand_in(unit_id, period_of(period).id, who, form, self.house.clock.now(), replaces)

    def verify(self, submission_id: int, begin: Begin = quiet) -> list[Claim]:
        """Verify every row not yet decided by a person; other units' rows on the same pieces are verified anew: they now stand against it.
        """
        store = self.house.store
        store.put_value(f"claims:verifying:{submission_id}", self.house.clock.now().isoformat())
        mine = [c for c in store.claims(submission_id=submission_id) if c.decision is None and not c.withdrawn]
        self._verify(mine, begin)
        fresh = [store.claim(c.id) for c in mine]
        rivals = {
            c.id: c
            for f in fresh
            for c in store.claims_on([f.finding.url] if f.finding.url else [], [f.finding.story_id] if f.finding.story_id else [])
            if c.unit_id != f.unit_id
            and c.decision is None
            and c.finding.verdict is Verdict.VERIFIED
            and f.standing is not Verdict.REJECTED
        }
        self._verify(list(rivals.values()), quiet)
        return store.claims(submission_id=submission_id)

    def verify_new(self) -> int:
        """Verify what was handed in and not looked at yet, oldest first; one that somebody began within LEASE is left to him.  Returns how
        many.
        """
        store, now = self.house.store, self.house.clock.now()
        waiting = dict.fromkeys(c.submission_id for c in store.claims(standing=(Verdict.NEW.value,)))
        free = [s for s in waiting if not (begun := store.get(f"claims:verifying:{s}")) or now - datetime.fromisoformat(begun) > LEASE]
        for submission_id in free:
            self.verify(submission_id)
        return len(free)

    def again(self) -> int:
        """Try the claims in 待查 whose time has come; returns how many were looked at."""
        due = self.house.store.due_claims(self.house.clock.now())
        self._verify(due, quiet)
        return len(due)

    def _verify(self, claims: Sequence[Claim], begin: Begin) -> None:
        store, evidence = self.house.store, self.evidence
        groups: dict[tuple[int, str, str], list[Claim]] = {}
        for claim in claims:
            groups.setdefault((claim.submission_id, claim.unit_id, claim.period), []).append(claim)
        for (_, unit_id, period), group in groups.items():
            with _pages(self.house, self.processes) as pages:
                verifier = Verifier(self.house.bureau(), pages, store, self.house.clock, unit_id, period)
                landing = begin("取网页", len({u for c in group for u in c.row.urls}))
                findings = verifier.verify([c.row for c in group], [c.id for c in group], [c.tries for c in group], landing)
            step = begin("记录与取证", len(group))
            for claim, finding in zip(group, findings):
                store.save_finding(claim.id, finding, self.house.clock.now())
                piece = store.clipping(finding.article_id) if finding.article_id else None
                if piece is not None:
                    evidence.capture(claim, piece)
                for landing in (verifier.landed[u] for u in claim.row.urls if piece is None and u in verifier.landed):
                    if landing.at is not None:
                        said = landing.failed.reason if landing.failed else landing.reason or "没有读出稿件"
                        evidence.attempt(claim, landing.url, landing.at, said, landing.failed.status if landing.failed else 200, landing.ref)
                step(1)

    def decide(self, claim_id: int, verdict: Verdict, who: str, reason: str) -> Claim:
        if verdict not in (Verdict.VERIFIED, Verdict.REJECTED, Verdict.DOUBTFUL):
            raise ValueError("只能定为核实、驳回，或退回存疑")
        if not reason.strip() and verdict is not Verdict.VERIFIED:
            raise ValueError("请写明理由，填报单位会看到")
        if self.house.store.claim(claim_id) is None:
            raise ValueError(f"没有第{claim_id}号填报")
        self.house.store.decide_claim(claim_id, verdict, who, reason.strip(), self.house.clock.now())
        return self.house.store.claim(claim_id)

    def answer(self, claim_id: int, who: str, text: str) -> Claim:
        if not text.strip():
            raise ValueError("请写回复内容")
        self.house.store.note_claim(claim_id, who, "answered", text.strip(), self.house.clock.now())
        return self.house.store.claim(claim_id)

    def withdraw(self, claim_id: int, who: str, reason: str) -> None:
        self.house.store.withdraw_claim(claim_id, who, reason, self.house.clock.now())

    def attach(self, submission_id: int, data: bytes | Path, who: str) -> list[CellProblem]:
        claims = [c for c in self.house.store.claims(submission_id=submission_id) if not c.withdrawn]
        try:
            with materials.looked(data) as (archive, files):
                matched = materials.match(archive, files, [c.row for c in claims])
                if matched.problems:
                    return list(matched.problems)
                for material in matched.materials:
                    with archive.open(material.entry.info) as source, tempfile.NamedTemporaryFile(dir=self.house.bureau().var) as held:
                        while chunk := source.read(1 << 20):
                            held.write(chunk)
                        held.flush()
                        claim = claims[material.row]
                        self.evidence.keep(
                            claim,
                            "material",
                            material.name,
                            material.media_type,
                            Path(held.name),
                            self.house.clock.now(),
                            meta={"handed_in_by": who},
                        )
                        self.house.store.note_claim(claim.id, who, "evidence", f"佐证材料：{material.name}", self.house.clock.now())
        except Unreadable as error:
            return [CellProblem(0, "", str(error))]
        except BROKEN as error:
            return [CellProblem(0, "", f"压缩包已损坏，读不完整（{type(error).__name__}）；请重新打包")]
        return []

    def blank_form(self, unit_id: str, period: str) -> bytes:
        return forms.blank(self._unit_name(unit_id), period_of(period))

    def filled_form(self, unit_id: str, period: str) -> bytes:
        return forms.filled(self._unit_name(unit_id), period_of(period), self.rows_found(unit_id, period))

    def rows_found(self, unit_id: str, period: str) -> list[FormRow]:
        return forms.found_rows(self.house.store.clippings_between(*_span(period_of(period))), unit_id)

    def pack(self, unit_id: str, period: str, folder: Path, progress: Callable[[int], None] = lambda n: None) -> Packed:
        store = self.house.store
        claims = store.claims(unit_id=unit_id, period=period)
        return packs.make(
            self.evidence, claims, self._unit_name(unit_id), unit_id, period_of(period).id, folder, self.house.clock.now(), progress
        )

    def check_pack(self, path: Path) -> Checked:
        """By itself and, where this house holds the chain, against it."""
        found = packs.check(path)
        held = self.house.store.evidence_chain(found.chain) if found.chain else []
        return packs.check(path, held) if held else found

    def copy_evidence(self, claim_id: int, seq: int, target: BinaryIO) -> EvidenceItem:
        """Write the bytes of one item; raises EvidenceError when they are gone or changed, ValueError when there is no such item."""
        item = next((i for i in self.house.store.evidence_of(claim_id) if i.seq == seq), None)
        if item is None:
            raise ValueError(f"第{claim_id}号填报没有第{seq}号佐证")
        self.evidence.copy_to(item, target)
        return item

    def look_again(self, limit: int = 500) -> list[Recheck]:
        """Look at the pages of verified claims once more; the edited and deleted ones are returned, all are recorded."""
        store, fetcher = self.house.store, _fetcher(self.house)
        changed = []
        for claim in store.claims_to_look_at(limit):
            piece = store.clipping(claim.finding.article_id)
            if piece is None:
                continue
            state, detail = look(self.house.bureau(), fetcher, piece, self.house.clock)
            found = Recheck(0, claim.id, piece.id, piece.article.url, self.house.clock.now(), state, detail)
            store.add_recheck(found)
            if state in (PageState.EDITED, PageState.DELETED):
                store.note_claim(claim.id, "系统", "recheck", f"{state.label}：{detail}", self.house.clock.now())
                changed.append(found)
        return changed

    def picture(self, limit: int = 20, step: Callable[[int], None] = lambda n: None) -> int:
        """PDFs of verified or doubtful pages that have none yet, where Chromium is present; returns how many were made.

        One that cannot be drawn is tried once and told in the claim's record.
        """
        store, made = self.house.store, 0
        chromium = pictures.browser()
        for claim in store.claims_undrawn(limit) if chromium else []:
            data, why = self._drawn(claim, chromium)
            if data:
                piece = store.clipping(claim.finding.article_id)
                self.evidence.keep(claim, "pdf", "网页.pdf", "application/pdf", data, piece.first_seen, piece.article.url, {"made_from": piece.ref.sha256})
                made += 1
            else:
                store.note_claim(claim.id, "系统", "undrawn", f"没有存成网页版面图：{why}", self.house.clock.now())
            step(1)
        return made

    def _drawn(self, claim: Claim, chromium: str) -> tuple[bytes, str]:
        """(PDF of the claim's page as it was captured, why there is none)"""
        piece = self.house.store.clipping(claim.finding.article_id)
        if piece is None or piece.ref is None:
            return b"", "存档中没有该页原始数据"
        try:
            return pictures.to_pdf(decode(self.house.archive.read(piece.ref)).text, chromium), "Chromium 没有画出该页"
        except (Decision, ArchiveError) as error:
            log.warning("no picture of claim %s: %s", claim.id, error)
            return b"", "存档中的原始数据读不出"

    @property
    def draws(self) -> bool:
        """Is there a Chromium to draw pages with?"""
        return bool(pictures.browser())

    def _unit_name(self, unit_id: str) -> str:
        unit = self.house.bureau().unit(unit_id)
        if unit is None:
            raise ValueError(f"没有编号为“{unit_id}”的单位")
        return unit.name


def _span(span: Period) -> tuple[datetime, datetime]:
    """A period as moments: from its first midnight to the one after its last day, in Shanghai."""
    return datetime.combine(span.first, time(), _ZONE), datetime.combine(span.last, time(), _ZONE) + timedelta(days=1)


def _fetcher(house: House) -> Fetcher:
    return Fetcher(house.bureau().settings.crawl, house.clock)


@contextmanager
def _pages(house: House, processes: int) -> Iterator[Pages]:
    """Pages whose fetched ones are thought about in this process when they are few, over `processes` when they are many."""
    with ExitStack() as stack:
        def settle(lots: Iterable[Sequence[QueuedPage]]) -> Iterator[list[Settled]]:
            lots = iter(lots)
            first = list(islice(lots, -(-WORTH_PROCESSES // LOT)))
            if processes < 2 or sum(map(len, first)) < WORTH_PROCESSES:
                flow = Remembering(house.bureau(), house.store, house.archive, house.clock)
                yield from map(flow.settle, chain(first, lots))
                return
            pool = stack.enter_context(ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _start, (str(house.folder),)))
            waiting = []
            for lot in chain(first, lots):
                waiting.append(pool.submit(_settle, lot))
                while waiting and waiting[0].done():
                    yield waiting.pop(0).result()
            for future in waiting:
                yield future.result()

        yield Pages(house.bureau(), house.store, house.archive, _fetcher(house), house.clock, settle)


_flow: Remembering | None = None   # of a worker process


def _start(folder: str) -> None:
    global _flow
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    house = House(Path(folder), "verify")
    _flow = Remembering(house.bureau(), house.store, house.archive, house.clock)


def _settle(lot: Sequence[QueuedPage]) -> list[Settled]:
    return _flow.settle(lot)
