"""The articles and cases of a rehearsal judged with both judges: few of them here, many in processes of their own, the newest first, within a time.

A word of nearly every text touches the whole archive: what is not done when the time is over is told as a number, never guessed.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace

from alerts.gathering import blame
from analysis.learning import Learned
from analysis.mentions import Names
from analysis.rehearsal import compare, lessons_changed
from analysis.ruled import RuledJudge
from model.bureau import Bureau
from model.lesson import Lesson
from model.rehearsal import Rehearsal, Saved
from model.vocabulary import Vocabulary

log = logging.getLogger("jianbao.rehearsing")
FEW = 600                      # judged here: starting processes takes a second
LOT = 50                       # articles in one go; those begun when the time is over are still waited for
MOST_PROCESSES = 4
Turned = list[tuple[Lesson, str, str]]      # cases that come out otherwise: (case, label before, label after)


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
        self.find = Names(both.bureau.units, both.old.place_traps).find

    def compare(self, articles: Sequence[Saved]) -> Rehearsal:
        return compare(self.old, self.new, articles, lambda judged: blame(judged, self.both.bureau.duty.sensitive), self.names)

    def lessons(self, lessons: Sequence[Lesson]) -> Turned:
        return lessons_changed(self.old, self.new, lessons, lambda lesson: self.find(lesson.title, lesson.text))


_side: Side | None = None      # of a process of the pool


def _start(both: Both) -> None:
    global _side
    _side = Side(both)
    gc.freeze()                # the words stay as long as the process: they need not be looked through for garbage again and again


def _lot(articles: Sequence[Saved]) -> Rehearsal:
    return _side.compare(articles)


def _cases(lessons: Sequence[Lesson]) -> Turned:
    return _side.lessons(lessons)


def judged(both: Both, articles: Sequence[Saved], lessons: Sequence[Lesson] = (), seconds: float | None = None, few: int = FEW,
           clock: Callable[[], float] = time.monotonic) -> Rehearsal:
    """`articles` newest first; `lessons`: cases, all of them judged; `seconds` None: all articles, however long it takes.

    Up to `few` articles and cases are judged in this process.
    """
    until = clock() + seconds if seconds is not None else None
    processes = min(MOST_PROCESSES, os.cpu_count() or 1)
    if len(articles) + len(lessons) > few and processes > 1:
        try:
            return _joined(articles, *_together(both, _lots(articles), _lots(lessons), processes, until, clock))
        except BrokenProcessPool:
            log.exception("a process of the rehearsal died: it goes on here")
    side = Side(both)
    turned = side.lessons(lessons)
    return _joined(articles, [side.compare(lot) for lot in _while(_lots(articles), until, clock)], turned)


def _lots(things: Sequence) -> list[Sequence]:
    return [things[at:at + LOT] for at in range(0, len(things), LOT)]


def _together(both: Both, lots: Sequence[Sequence[Saved]], cases: Sequence[Sequence[Lesson]], processes: int, until: float | None,
              clock: Callable[[], float]) -> tuple[list[Rehearsal], Turned]:
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _start, (both,)) as pool:
        of_cases = [pool.submit(_cases, lot) for lot in cases]
        asked = [pool.submit(_lot, lot) for lot in lots]
        done: list[Rehearsal] = []
        try:
            for one in asked:
                done.append(one.result(timeout=None if until is None else max(0.0, until - clock())))
        except TimeoutError:
            for one in asked:
                one.cancel()
        return done, [turned for one in of_cases for turned in one.result()]


def _while(lots: Iterable[Sequence[Saved]], until: float | None, clock: Callable[[], float]) -> Iterable[Sequence[Saved]]:
    for lot in lots:
        if until is not None and clock() > until:
            return
        yield lot


def _joined(articles: Sequence[Saved], parts: Sequence[Rehearsal], turned: Turned) -> Rehearsal:
    done = sum(p.judged for p in parts)
    made = Rehearsal(len(articles), done, *(tuple(c for p in parts for c in getattr(p, kind)) for kind in ("newly", "no_longer", "otherwise")),
                     left=len(articles) - done, down_to=articles[done - 1].at if 0 < done < len(articles) else None)
    return replace(made, lessons=tuple(turned))
