"""The words desk: a change of words or rules is rehearsed on the archive and saved; clicks become cases, cases train."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from alerts.gathering import blame
from analysis.learning import MAX_SHIFT, Learned, train
from analysis.rehearsal import Touched
from analysis.ruled import RuledJudge
from app.learned import LearnedFile
from app.rehearsing import Both, judged
from config import cases
from config.edit import change as change_file
from config.edit import save as save_file
from config.edit import text_of
from config.load import read_bureau
from config.words_edit import WORDS, own_words, written
from model.bureau import Bureau
from model.clipping import Clipping
from model.errors import ConfigError, Problem
from model.lesson import MAX_EXCERPT, MAX_REASON, MAX_TITLE, Lesson, standing
from model.opinion import Label
from model.ports import Clock, Store
from model.ports_words import Taught
from model.rehearsal import Rehearsal, Tried, WordChange
from model.search import Query
from model.vocabulary import Vocabulary

DAYS = 90
PATIENCE_S = 8.0               # how long a person at the page waits for articles to be judged
OTHERS = 200                   # clippings of each sort that hold the training to what it does not know
MOST_ARTICLES = 20             # of one case that become cases when it was a false alarm
_ZONE = ZoneInfo("Asia/Shanghai")
_CHANGED = Problem(WORDS, None, "试算之后，词表又被改过", "重新试算，再保存")


class WordsDesk:
    """`model.ports_words.WordsDesk` over the folder, the store and the file of what was taught."""

    def __init__(self, folder: Path, store: Store, bureau: Callable[[], Bureau], clock: Clock, patience: float = PATIENCE_S):
        """`patience`: seconds that a rehearsal may judge articles unless all are asked for."""
        self.folder, self.store, self.bureau, self.clock, self.patience = folder, store, bureau, clock, patience
        self.file = LearnedFile(bureau().var)
        self._one = threading.Lock()
        self._looked: tuple[object, str] = (None, "")

    # words and rules

    def own(self) -> frozenset[tuple[str, str]]:
        return own_words(self.folder)

    def rehearse(self, change: WordChange, who: str, whole: bool = False) -> Tried:
        base = text_of(self.folder, WORDS)
        try:
            text = written(self.folder, change, self.bureau().vocabulary, self._by(who))
        except ConfigError as error:
            return Tried(tuple(error.problems))
        return self.rehearse_text(text, _mark(base), whole)

    def rehearse_text(self, text: str, mark: str = "", whole: bool = False) -> Tried:
        """A whole words.yaml as it might be."""
        made, problems = read_bureau(self.folder, {WORDS: text})
        own = tuple(p for p in problems if p.file == WORDS)
        if made is None or any(not p.warning for p in own):
            return Tried(own or tuple(problems), None, mark)
        return Tried(own, self.compared(made.vocabulary, None if whole else self.patience), mark)

    def compared(self, new: Vocabulary, seconds: float | None) -> Rehearsal:
        """The vocabulary in force against another, over the last 90 days and the cases; one rehearsal at a time.  `seconds`: for reading and judging."""
        with self._one:
            began, now, bureau = time.perf_counter(), self.clock.now(), self.bureau()
            both, touched = Both(bureau.vocabulary, new, self._learned(), bureau), Touched(bureau.vocabulary, new)
            read, kept = self.store.past(now - timedelta(days=DAYS), now + timedelta(days=1), touched, touched.words)
            lessons = standing(cases.read_cases(self.folder)[0])
            left = None if seconds is None else seconds - (time.perf_counter() - began)
            made = judged(both, kept, [x for x in lessons if touched(x.title, x.text)], left)
            return replace(made, read=read, cases=len(lessons), seconds=time.perf_counter() - began)

    def save(self, change: WordChange, who: str, mark: str) -> list[Problem]:
        base = text_of(self.folder, WORDS)
        if _mark(base) != mark:
            return [_CHANGED]
        try:
            return save_file(self.folder, WORDS, written(self.folder, change, self.bureau().vocabulary, self._by(who)), base)
        except ConfigError as error:
            return list(error.problems)

    def _by(self, who: str) -> str:
        return f"{who} {self.clock.now().astimezone(_ZONE):%Y-%m-%d}"

    # cases

    def lessons(self) -> tuple[list[Lesson], list[Problem]]:
        held, problems = cases.read_cases(self.folder)
        return standing(held)[::-1], problems

    def lessons_of(self, clipping: Clipping) -> list[Lesson]:
        mark = fingerprint(clipping.article.title, clipping.article.text)
        return [x for x in self.lessons()[0] if x.id == mark]

    def teach(self, article_id: int, unit_id: str, label: str, reason: str, who: str) -> Lesson:
        clipping = self.store.clipping(article_id)
        if clipping is None:
            raise ValueError("没有这一篇剪报")
        if unit_id and unit_id not in clipping.unit_ids:
            raise ValueError("这篇稿件没有确定涉及该单位")
        lesson = self._lesson(clipping, unit_id, label, reason, who)
        cases.append_cases(self.folder, [lesson])
        return lesson

    def label_case(self, incident_id: int, label: str, reason: str, who: str) -> int:
        incident = self.store.incident(incident_id)
        if incident is None:
            raise ValueError("没有这一件舆情")
        made: dict[tuple[str, str], Lesson] = {}
        for story in incident.stories:
            for cut in self.store.story_copies(story):
                clipping = self.store.clipping(cut.id)
                rang = blame(clipping.judgements, self.bureau().duty.sensitive) if clipping else []
                if not rang or len(made) >= MOST_ARTICLES:
                    continue
                overall = clipping.overall
                for unit in ("",) if overall and overall.label is rang[0].label else dict.fromkeys(j.unit_id for j in rang):
                    lesson = self._lesson(clipping, unit, label, reason, who)
                    made.setdefault(lesson.key, lesson)
        cases.append_cases(self.folder, list(made.values()))
        return len(made)

    def _lesson(self, clipping: Clipping, unit_id: str, label: str, reason: str, who: str) -> Lesson:
        reason = reason.strip()[:MAX_REASON]
        if label not in set(Label):
            raise ValueError("请选择应为哪一类")
        if not reason:
            raise ValueError("请写明理由")
        was = next((j.label.value for j in clipping.judgements if j.unit_id == unit_id), "")
        title, text = clipping.article.title, clipping.article.text
        return Lesson(fingerprint(title, text), title[:MAX_TITLE], text[:MAX_EXCERPT], label, was, reason, who,
                      self.clock.now().astimezone(_ZONE).isoformat(timespec="seconds"), unit_id, clipping.article.url[:500], clipping.id)

    # what they taught

    def taught(self) -> Taught:
        settings, learned, lines = self.bureau().settings.learning, self.file.current() or Learned(), len(cases.read_cases(self.folder)[0])
        weights = dict(sorted(learned.weights.items(), key=lambda w: -abs(w[1])))
        return Taught(settings.enabled, settings.after, learned.cases, learned.at, weights, max(0, lines - _lines(learned)), MAX_SHIFT)

    def train(self) -> Taught:
        """Train anew on all cases in force with the words in force, held to change nothing of the newest clippings that nobody spoke of."""
        held, vocabulary = cases.read_cases(self.folder)[0], self.bureau().vocabulary
        judge = RuledJudge(vocabulary)
        examples = [(*judge.example(x.title, x.text), x.label == Label.NEGATIVE.value) for x in whole_articles(standing(held))]
        taught = {x.id for x in held}
        made = train(examples, [judge.example(title, text) for title, text in self._others() if fingerprint(title, text) not in taught])
        self.file.write(replace(made, at=self.clock.now().astimezone(_ZONE).isoformat(timespec="seconds"), mark=f"{len(held)} {_words_mark(vocabulary)}"))
        return self.taught()

    def _others(self) -> list[tuple[str, str]]:
        """(title, text) of the newest negative and of the newest other clippings."""
        ids = [i for labels in (("N",), ("R", "P", "X")) for i in self.store.search(Query(labels=labels, per_page=OTHERS)).ids]
        found = (self.store.clipping(i) for i in ids)
        return [(c.article.title, c.article.text[:MAX_EXCERPT]) for c in found if c is not None]

    def train_if_due(self) -> bool:
        """Enough new cases, or other words than it was trained with: train.  Cheap where neither folder nor cases have changed."""
        bureau, mark = self.bureau(), cases.mark(self.folder)
        if self._looked == (bureau, mark) or not mark or not bureau.settings.learning.enabled:
            return False
        self._looked = (bureau, mark)
        learned, lines = self.file.current() or Learned(), len(cases.read_cases(self.folder)[0])
        stale = learned.cases > 0 and learned.mark.split(" ")[-1] != _words_mark(bureau.vocabulary)
        if not stale and lines - _lines(learned) < bureau.settings.learning.after:
            return False
        self.train()
        return True

    def switch(self, on: bool) -> list[Problem]:
        def alter(document) -> None:
            document.setdefault("learning", {})["enabled"] = on
        return [p for p in change_file(self.folder, "settings.yaml", alter) if not p.warning]

    def _learned(self) -> Learned | None:
        return self.file.current() if self.bureau().settings.learning.enabled else None


def whole_articles(lessons: Sequence[Lesson]) -> list[Lesson]:
    """One case an article: what was said of it as a whole, else what was said last of a unit."""
    held: dict[str, Lesson] = {}
    for lesson in lessons:
        if not (lesson.unit_id and lesson.id in held and not held[lesson.id].unit_id):
            held[lesson.id] = lesson
    return list(held.values())


def fingerprint(title: str, text: str) -> str:
    return hashlib.blake2b(f"{title}\n{text}".encode(errors="replace"), digest_size=12).hexdigest()


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _words_mark(vocabulary: Vocabulary) -> str:
    return hashlib.blake2b(repr(replace(vocabulary, provenance={}, rules=())).encode(), digest_size=8).hexdigest()


def _lines(learned: Learned) -> int:
    """How many lines of the file it was trained on."""
    first = learned.mark.split(" ")[0]
    return int(first) if first.isdecimal() else 0

