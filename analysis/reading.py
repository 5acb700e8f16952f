"""A text read sentence by sentence: which terms stand, which are cancelled and why, who is blamed how much.

This is the reading; `opinion.py` draws the conclusion.  Two vocabularies that differ in a few words are read side by side: what
comes out alike is taken over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from analysis.bodies import AUTHORITY, COMPANY, GENERIC, PROVIDER, Body
from analysis.blame import attribute
from analysis.document import READ, Document, Roles, counting, measure
from analysis.evidence import NOTHING, Weigher
from analysis.gaps import anchors
from analysis.placing import Page, bodies_of, by_sentence, page, placed
from analysis.sentences import Sentence
from analysis.signs import different, signs, sorts
from analysis.terms import Terms
from analysis.words import Folded
from model.mention import Mention
from model.opinion import Hit
from model.vocabulary import Vocabulary

_ENDS = {"providers": PROVIDER, "short_hospitals": "short", "authorities": AUTHORITY, "companies": COMPANY, "generic_bodies": GENERIC}
_SETTINGS = frozenset(("company_words", "blaming_topics", "warning_topics", "sensitive_topics", "health_topics", "health_words"))     # lists in `extra` that are no terms of a sentence
_BLAMES = 0.2                  # blame of a sentence from which on the next one speaks of the same


@dataclass(slots=True)
class SentenceReading:
    sentence: Sentence
    hits: Sequence[Hit] = ()
    accusation: float = 0.0    # all that is said against anybody
    blame: float = 0.0         # … against a health body
    risk: float = 0.0
    praise: bool = False
    blamed: list[tuple[str, float]] = field(default_factory=list)   # printed name of a body, weight
    units: set[str] = field(default_factory=set)
    blame_of: dict[str, float] = field(default_factory=dict)        # unit id → weight
    last: Body | None = None   # the body blamed last up to here, else the first provider named


@dataclass(slots=True)
class Reading:
    page: Page
    sentences: list[SentenceReading] = field(default_factory=list)
    document: Document | None = None
    names: tuple[str, ...] = ()            # printed names of all bodies of the text
    bodies: tuple[Body, ...] = ()
    signs: dict[str, float] = field(default_factory=dict)
    ends: tuple = ()                       # what the bodies were read from
    named: list[tuple[Body, str]] = field(default_factory=list)    # the bodies, those that are units with their id
    roles: Sequence[Roles] = ()            # of each sentence
    counts: Sequence[int] = ()             # signs of case counting in each sentence
    hits: tuple[Hit, ...] = ()             # of all sentences

    @property
    def original(self) -> str:
        return self.page.original

    @property
    def folded(self) -> Folded:
        return self.page.folded

    def printed(self, s: SentenceReading) -> str:
        start, end = self.folded.span(s.sentence.start, s.sentence.end)
        return self.original[start:end]

    def so_far(self, at: int) -> tuple[Body | None, bool]:
        """What the sentences before one leave behind: the body blamed last, and whether the sentence right before blamed somebody."""
        return (self.sentences[at - 1].last, self.sentences[at - 1].blame > _BLAMES) if at else (None, False)


class Reader:
    """Holds the automaton over the whole vocabulary."""

    def __init__(self, vocabulary: Vocabulary):
        extra = vocabulary.extra
        self._company_words = tuple(extra.get("company_words", ()))
        gaps = [(re.compile(g.pattern), g.effect, g.topic) for g in vocabulary.gaps]
        warning = frozenset(extra.get("warning_topics", ()))
        self._weigher = Weigher(frozenset(extra.get("blaming_topics", ())), warning, gaps)
        self._weighing = frozenset(extra.get("blaming_topics", ())), warning, tuple(vocabulary.gaps)
        self._terms: Terms[tuple[str, str]] = Terms(_pairs(vocabulary))
        calming = {str(n) for n, gap in enumerate(vocabulary.gaps) if gap.effect != "negative"}
        self._read = [[("calming" if role == "gap" and topic in calming else role, term, topic) for role, topic in tags if role in READ]
                      for term, tags in zip(self._terms.terms, self._terms.tags)]
        ends = {n: [(term, _ENDS[role]) for role, _ in tags if role in _ENDS] for n, (term, tags) in enumerate(zip(self._terms.terms, self._terms.tags))}
        self._ends = {n: words for n, words in ends.items() if words}
        self._sorts = [sorts(tags, warning) for tags in self._terms.tags]
        self._masking = frozenset(n for n, tags in enumerate(self._terms.tags) if any(role == "masked" for role, _ in tags))
        self._health: Terms = Terms((word, "") for word in extra.get("health_words", ()))

    def weighs_as(self, other: Reader) -> bool:
        """Does a sentence with the same words in the same roles weigh the same with both?"""
        return self._weighing == other._weighing

    def read(self, title: str, text: str, mentions: Sequence[Mention] = (), beside: Reading | None = None) -> Reading:
        """`beside`: what a reader that weighs as this one has read last; if of the same article, what comes out alike is taken from it."""
        if beside is not None and beside.page.of != (title, text, mentions):
            beside = None
        held = beside.page if beside else page(title, text, mentions)
        sentences, text = held.sentences, held.folded.text
        reading = Reading(held)
        if not sentences:
            return reading
        places = self._terms.places(text)
        roles, of_title, of_text = by_sentence(places, sentences, self._read, self._masking)
        reading.ends = [(start, end, *word) for start, end, n in places if n in self._ends for word in self._ends[n]], self._company_words
        named = reading.named = beside.named if beside and beside.ends == reading.ends else bodies_of(held, *reading.ends)
        reading.names = tuple({b.name: None for b, _ in named if b.named})
        reading.bodies = tuple(b for b, _ in named)
        counts = counting(text, sentences, roles)
        doc = measure(text, sentences, roles, counts, self._health.count(text), self._health.count(text[:held.title_end]),
                      bool(named), any(b.named for b, _ in named))
        reading.signs = signs(different(of_title, self._sorts), different(of_text, self._sorts), len(sentences), reading.bodies,
                              held.title_end, doc, text)
        reading.document, reading.roles, reading.counts = doc, roles, counts
        self._read_sentences(reading, beside if beside and beside.named is named and beside.document == doc else None)
        reading.hits = tuple([hit for s in reading.sentences for hit in s.hits])
        return reading

    def _read_sentences(self, reading: Reading, beside: Reading | None) -> None:
        """`beside`: a reading with the same bodies and figures; its sentences stand where nothing that they were read by differs."""
        page, named = reading.page, reading.named
        bodies_in = placed([(b.start, b) for b, _ in named], page.sentences)
        units_in = placed([(start, unit) for start, _, unit in page.units], page.sentences) if page.units else ()
        unit_of = {id(b): u for b, u in named if u}
        seen = [b for b, _ in named if b.named]
        folded, doc = page.folded, reading.document
        last: Body | None = None
        went_before = False
        for at, (sentence, own, count, here) in enumerate(zip(page.sentences, reading.roles, reading.counts, bodies_in)):
            if beside and own == beside.roles[at] and count == beside.counts[at] and beside.so_far(at) == (last, went_before):
                s = beside.sentences[at]
                reading.sentences.append(s)
                last, went_before = s.last, s.blame > _BLAMES
                continue
            s = SentenceReading(sentence, praise="praises" in own)
            if units_in:
                s.units.update(units_in[at])
            reading.sentences.append(s)
            evidence = self._weigher.weigh(sentence, own, count, doc)
            if evidence is not NOTHING:
                s.hits = evidence.hits if not folded.starts else [_unfold(h, folded) for h in evidence.hits]
                s.risk = evidence.risk
            if evidence.items:
                blame = attribute(folded.text, sentence, evidence.items, here, own, doc, last, went_before, seen)
                s.accusation = blame.accusation * evidence.damped
                cap = min(1.0, 3.0 / (blame.total or 1.0)) * evidence.damped
                s.blame = blame.total * cap
                s.risk = min(3.0, s.risk + 0.5 * blame.nobody * evidence.damped)
                for body, weight in blame.by_body:
                    s.blamed.append((body.name, weight * cap))
                    unit = unit_of.get(id(body))
                    if unit:
                        s.blame_of[unit] = s.blame_of.get(unit, 0.0) + weight * cap
                        s.units.add(unit)
                if blame.by_body:
                    last = max(blame.by_body, key=lambda b: b[1])[0]
            if last is None and here:
                last = next((b for b in here if b.named and b.kind == PROVIDER), None)
            s.last, went_before = last, s.blame > _BLAMES


def _pairs(v: Vocabulary) -> Iterable[tuple[str, tuple[str, str]]]:
    """Every term with its roles: (role, topic id, flip group or number of the gapped pattern)."""
    for topic in v.topics:
        for role, words in (("watch" if topic.watch else "strong", topic.strong), ("weak", topic.weak), ("masked", topic.masked)):
            yield from ((word, (role, topic.id)) for word in words)
    yield from ((word, ("frame", "")) for word in v.frames)
    yield from ((word, ("flip", group)) for group, words in v.flips.items() for word in words)
    yield from ((word, ("reverse", "")) for word in v.reverse)
    for name, words in v.extra.items():
        if name not in _SETTINGS:
            yield from ((word, (name, "")) for word in words)
    for number, gap in enumerate(v.gaps):     # a pattern is tried only where one of its words occurs
        yield from ((run, ("gap", str(number))) for run in anchors(gap.pattern))


def _unfold(hit: Hit, folded: Folded) -> Hit:
    start, end = folded.span(hit.start, hit.end)
    return Hit(hit.term, hit.topic, hit.kind, start, end, hit.cancelled)
