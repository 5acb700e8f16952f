"""A bureau's own rules over one article: which hold, by which words, in which sentences.

Words are matched by one automaton over folded text, patterns inside one sentence (at most `sentences.MAX_SENTENCE` long).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.sentences import split
from analysis.terms import Terms
from analysis.words import fold
from model.vocabulary import Rule, Topic

MAX_FINDS = 200                # finds of one rule that are kept


@dataclass(frozen=True)
class RuleHit:
    """`words`: what was found, in order; `places`: offsets of the finds in title + newline + text; `sentence`: the first one with
    a find, as printed; `within`: offsets of all sentences with finds."""

    rule: Rule
    words: tuple[str, ...]
    sentence: str
    places: tuple[tuple[int, int], ...] = ()
    within: tuple[tuple[int, int], ...] = ()


class Rules:
    """Compiled once; `match` is pure.  `topics` give the strong words that `#topic` stands for."""

    def __init__(self, rules: Sequence[Rule], topics: Sequence[Topic] = ()):
        strong = {t.id: t.strong for t in topics}
        self._rules = tuple(rules)
        self._must = [frozenset(fold(word).text.strip() for word in rule.must) for rule in rules]
        self._patterns = [[re.compile(p) for p in rule.patterns] for rule in rules]
        pairs = [(word, (n, role)) for n, rule in enumerate(rules) for role in ("words", "must", "never") for word in getattr(rule, role)]
        pairs += [(word, (n, "words")) for n, rule in enumerate(rules) for topic in rule.topics for word in strong.get(topic, ())]
        self._terms: Terms = Terms(pairs)

    def __len__(self) -> int:
        return len(self._rules)

    def match(self, title: str, text: str) -> tuple[RuleHit, ...]:
        """The rules that hold, in their order."""
        if not self._rules:
            return ()
        original = title + "\n" + text
        folded = fold(original)
        held: dict[int, dict[str, list[tuple[int, int, str]]]] = {}
        for f in self._terms.find(folded.text):
            for number, role in f.tags:
                held.setdefault(number, {}).setdefault(role, []).append((f.start, f.end, f.term))
        hits, sentences = [], None
        for number, rule in enumerate(self._rules):
            own = held.get(number, {})
            if own.get("never") or {term for *_, term in own.get("must", ())} != self._must[number]:
                continue
            if not (own or self._patterns[number]):
                continue
            sentences = sentences or split(folded.text, len(title))
            finds = list(own.get("words", ()))
            finds += [(s.start + m.start(), s.start + m.end(), m[0]) for p in self._patterns[number] for s in sentences for m in p.finditer(s.text)]
            if not finds and (rule.words or rule.patterns or rule.topics):
                continue
            finds = sorted(finds + own.get("must", []))[:MAX_FINDS]
            starts = [s.start for s in sentences]
            with_find = [sentences[n] for n in sorted({max(0, bisect_right(starts, start) - 1) for start, *_ in finds})]
            within = tuple(folded.span(s.start, s.end) for s in with_find)
            hits.append(RuleHit(rule, tuple(dict.fromkeys(word for *_, word in finds)), original[slice(*within[0])],
                                tuple(folded.span(start, end) for start, end, _ in finds), within))
        return tuple(hits)
