"""The articles of a rehearsal judged with both judges: few of them here, many in processes of their own, the newest first, within a time.

A word of nearly every text touches the whole archive: what is not done when the time is over is told as a number, never guessed.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from alerts.gathering import blame
from analysis.learning import Learned
from analysis.rehearsal import compare
from analysis.ruled import RuledJudge
from model.bureau import Bureau
from model.rehearsal import Rehearsal, Saved
from model.vocabulary import Vocabulary

log = logging.getLogger("jianbao.rehearsing")
FEW = 600                      # judged here: starting processes takes a second
LOT = 100                      # articles in one go
MOST_PROCESSES = 4


@dataclass(frozen=True)
class Both:
    """The two sides of a rehearsal, as they go to a process."""

    old: Vocabulary
    new: Vocabulary
    learned: Learned | None
    bureau: Bureau

    def judges(self) -> tuple[RuledJudge, RuledJudge]:
        old = RuledJudge(self.old, self.learned)
        return old, RuledJudge(self.new, self.learned, old)


class Side:
    """Compiled once a process."""

    def __init__(self, both: Both):
        self.both, (self.old, self.new) = both, both.judges()
        self.names = {u.id: u.label for u in both.bureau.units}

    def compare(self, articles: Sequence[Saved]) -> Rehearsal:
        return compare(self.old, self.new, articles, lambda judged: blame(judged, self.both.bureau.duty.sensitive), self.names)


_side: Side | None = None      # of a process of the pool


def _start(both: Both) -> None:
    global _side
    _side = Side(both)


def _lot(articles: Sequence[Saved]) -> Rehearsal:
    return _side.compare(articles)


def judged(both: Both, articles: Sequence[Saved], seconds: float | None) -> Rehearsal:
    """`articles` newest first; `seconds` None: all of them, however long it takes."""
    until = time.monotonic() + seconds if seconds is not None else float("inf")
    lots = [articles[at:at + LOT] for at in range(0, len(articles), LOT)]
    processes = min(MOST_PROCESSES, os.cpu_count() or 1)
    if len(articles) > FEW and processes > 1:
        try:
            return _joined(articles, _together(both, lots, processes, until))
        except BrokenProcessPool:
            log.exception("a process of the rehearsal died: it goes on here")
    side = Side(both)
    return _joined(articles, (side.compare(lot) for lot in _while(lots, until)))


def _together(both: Both, lots: Sequence[Sequence[Saved]], processes: int, until: float) -> list[Rehearsal]:
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _start, (both,)) as pool:
        asked = [pool.submit(_lot, lot) for lot in lots]
        done: list[Rehearsal] = []
        try:
            for one in asked:
                done.append(one.result(timeout=max(0.0, until - time.monotonic()) if until < float("inf") else None))
        except TimeoutError:
            for one in asked:
                one.cancel()
        return done


def _while(lots: Iterable[Sequence[Saved]], until: float) -> Iterable[Sequence[Saved]]:
    for lot in lots:
        if time.monotonic() > until:
            return
        yield lot


def _joined(articles: Sequence[Saved], parts: Iterable[Rehearsal]) -> Rehearsal:
    parts = list(parts)
    done = sum(p.judged for p in parts)
    return Rehearsal(len(articles), done, *(tuple(c for p in parts for c in getattr(p, kind)) for kind in ("newly", "no_longer", "otherwise")),
                     left=len(articles) - done, down_to=articles[done - 1].at if 0 < done < len(articles) else None)
