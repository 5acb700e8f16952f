"""Rehearsing a change of words or rules before it is saved: what would newly alert, what would no longer.

Only an article in which a changed word occurs, or for which a changed rule holds, can come out otherwise: only those are judged again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Protocol

from analysis.rules import Rules
from analysis.terms import Terms
from analysis.words import fold
from model.lesson import Lesson
from model.mention import Mention
from model.opinion import Judgement, Label
from model.rehearsal import Change, Rehearsal, Saved
from model.vocabulary import Rule, Vocabulary

_RUN = re.compile("[\u4e00-\u9fffA-Za-z0-9]+")
Alerts = Callable[[Sequence[Judgement]], Sequence[Judgement]]


class Judging(Protocol):
    def judge(self, title: str, text: str, mentions: Sequence[Mention] = ..., unit_names: Mapping[str, str] = ...) -> tuple[Judgement, ...]: ...


def changed_terms(old: Vocabulary, new: Vocabulary) -> set[str]:
    """Words whose appearance in a text can make a difference between the two vocabularies, own rules aside."""
    before, after = dict(_entries(old)), dict(_entries(new))
    return {word for key in before.keys() | after.keys() if before.get(key) != after.get(key) for word in (before.get(key, set()) ^ after.get(key, set()))}


def _entries(v: Vocabulary) -> Iterable[tuple[str, set[str]]]:
    for t in v.topics:
        kind = f"{t.id} {t.severity} {t.watch} {t.kind}"
        yield from ((f"{kind} {name}", set(words)) for name, words in (("strong", t.strong), ("weak", t.weak), ("masked", t.masked)))
    yield "frames", set(v.frames)
    yield "reverse", set(v.reverse)
    yield from ((f"flip {k}", set(words)) for k, words in v.flips.items())
    yield from ((f"extra {k}", set(words)) for k, words in v.extra.items())
    for g in v.gaps:
        yield f"gap {g.pattern} {g.effect} {g.topic}", set(_RUN.findall(re.sub(r"\{[\d,]+\}", " ", g.pattern)))


class Touched:
    """Can an article come out otherwise under the new vocabulary?

    `words` (folded): one of them stands in every such article; None where that cannot be told, because of a pattern.
    """

    def __init__(self, old: Vocabulary, new: Vocabulary):
        changed = changed_terms(old, new)
        self._terms = Terms((word, "") for word in changed)
        before, after = ({(r, *(strong for t in v.topics if t.id in r.topics for strong in t.strong)) for r in v.rules} for v in (old, new))
        self._rules = [Rules([rule for rule, *_ in gone], v.topics) for gone, v in ((before - after, old), (after - before, new))]
        needed = [_needed(*rule) for rule in before ^ after]
        self.words = None if None in needed else frozenset(word for word in (fold(w).text.strip() for w in changed.union(*needed)) if word)

    def __call__(self, title: str, text: str) -> bool:
        return bool(self._terms.count(fold(title + "\n" + text).text)) or any(rules.match(title, text) for rules in self._rules)


def _needed(rule: Rule, *strong: str) -> Collection[str] | None:
    """Words of which one stands wherever the rule holds; None: it may hold by a pattern alone."""
    if rule.must:
        return {max(rule.must, key=len)}
    return None if rule.patterns else {*rule.words, *strong}


def negative(judged: Sequence[Judgement]) -> list[Judgement]:
    """What alerts where nothing else is said: a negative judgement, of the article or of a unit."""
    return [j for j in judged if j.label is Label.NEGATIVE]


def compare(old: Judging, new: Judging, articles: Iterable[Saved], alerts: Alerts = negative, unit_names: Mapping[str, str] = {}) -> Rehearsal:
    """Judge the articles with both judges; `alerts`: which judgements of an article ring."""
    judged = 0
    newly, no_longer, otherwise = [], [], []
    for article in articles:
        judged += 1
        before = old.judge(article.title, article.text, article.mentions, unit_names)
        after = new.judge(article.title, article.text, article.mentions, unit_names)
        rang, rings = list(alerts(before)), list(alerts(after))
        if bool(rang) != bool(rings):
            told = (rings or rang)[0]
            b, a = (_about(told, before), told) if rings else (told, _about(told, after))
            (newly if rings else no_longer).append(Change(article, b, a))
        elif different := [(b, a) for b, a in zip_longest(before, after) if b and a and _seen(b) != _seen(a)]:
            otherwise.append(Change(article, *different[0]))
    return Rehearsal(judged, judged, tuple(newly), tuple(no_longer), tuple(otherwise))


def _about(told: Judgement, judged: Sequence[Judgement]) -> Judgement:
    return next((j for j in judged if j.unit_id == told.unit_id), judged[0])


def _seen(j: Judgement) -> tuple:
    return j.label, j.topic, j.target, j.severity, j.alarm


def label_of(judge: Judging, lesson: Lesson, mentions: Sequence[Mention] = ()) -> str:
    """What the judge makes of a case: of its article, or of its unit where one is meant."""
    judged = judge.judge(lesson.title, lesson.text, mentions)
    return next((j.label.value for j in judged if j.unit_id == lesson.unit_id), judged[0].label.value)


def lessons_changed(old: Judging, new: Judging, lessons: Sequence[Lesson], mentions: Callable[[Lesson], Sequence[Mention]]) -> list[tuple[Lesson, str, str]]:
    """(case, label before, label after) of the desk's cases that come out otherwise."""
    found = []
    for lesson in lessons:
        held = mentions(lesson) if lesson.unit_id else ()
        before, after = label_of(old, lesson, held), label_of(new, lesson, held)
        if before != after:
            found.append((lesson, before, after))
    return found
