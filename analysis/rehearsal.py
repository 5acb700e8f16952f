"""Rehearsing a change of words before it is saved: what would newly alert, what would no longer.

Only articles in which a changed word or pattern occurs can change, so only those are judged again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.learning import Case
from analysis.opinion import Judge
from analysis.terms import Terms
from analysis.words import fold
from model.mention import Mention
from model.opinion import Judgement, Label
from model.vocabulary import Vocabulary

_RUN = re.compile("[\u4e00-\u9fffA-Za-z0-9]+")


@dataclass(frozen=True)
class Saved:
    """An article of the archive."""

    id: int
    title: str
    text: str
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True)
class Change:
    article: Saved
    before: Judgement
    after: Judgement


@dataclass(frozen=True)
class Rehearsal:
    read: int
    judged: int                    # articles that hold a changed word
    newly: tuple[Change, ...]      # would alert now
    no_longer: tuple[Change, ...]  # would not alert any more
    otherwise: tuple[Change, ...]  # another topic, target or severity


def changed_terms(old: Vocabulary, new: Vocabulary) -> set[str]:
    """Words whose appearance in a text can make a difference between the two vocabularies."""
    before, after = dict(_entries(old)), dict(_entries(new))
    return {word for key in before.keys() | after.keys() if before.get(key) != after.get(key) for word in (before.get(key, set()) ^ after.get(key, set()))}


def _entries(v: Vocabulary) -> Iterable[tuple[str, set[str]]]:
    for t in v.topics:
        kind = f"{t.id} {t.severity} {t.watch}"
        yield from ((f"{kind} {name}", set(words)) for name, words in (("strong", t.strong), ("weak", t.weak), ("masked", t.masked)))
    yield "frames", set(v.frames)
    yield "reverse", set(v.reverse)
    yield from ((f"flip {k}", set(words)) for k, words in v.flips.items())
    yield from ((f"extra {k}", set(words)) for k, words in v.extra.items())
    for g in v.gaps:
        yield f"gap {g.pattern} {g.effect} {g.topic}", set(_RUN.findall(re.sub(r"\{[\d,]+\}", " ", g.pattern)))


def rehearse(old: Judge, new: Judge, articles: Iterable[Saved]) -> Rehearsal:
    """Judge the articles that the change can touch with both judges."""
    terms = Terms((word, "") for word in changed_terms(old.vocabulary, new.vocabulary))
    read = judged = 0
    newly, no_longer, otherwise = [], [], []
    for article in articles:
        read += 1
        if not terms.find(fold(article.title + "\n" + article.text).text):
            continue
        judged += 1
        before = old.judge(article.title, article.text, article.mentions)
        after = new.judge(article.title, article.text, article.mentions)
        for b, a in zip(before, after):
            was, now = b.label is Label.NEGATIVE, a.label is Label.NEGATIVE
            if was != now:
                (newly if now else no_longer).append(Change(article, b, a))
            elif (b.label, b.topic, b.target, b.severity) != (a.label, a.topic, a.target, a.severity):
                otherwise.append(Change(article, b, a))
    return Rehearsal(read, judged, tuple(newly), tuple(no_longer), tuple(otherwise))


def regressions(judge: Judge, cases: Sequence[Case]) -> list[tuple[Case, Judgement]]:
    """The desk's cases that the judge now gets wrong."""
    judged = ((case, judge.judge(case.title, case.text)[0]) for case in cases)
    return [(case, j) for case, j in judged if j.label.value != case.label]
