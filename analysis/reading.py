"""A text read sentence by sentence: which terms stand, which are cancelled and why, who is blamed how much.

This is the reading; `opinion.py` draws the conclusion.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from analysis.bodies import AUTHORITY, COMPANY, GENERIC, PROVIDER, Body, bodies
from analysis.blame import attribute
from analysis.document import READ, Document, Find, counting, measure
from analysis.evidence import NOTHING, Weigher
from analysis.gaps import anchors
from analysis.sentences import Sentence, split
from analysis.signs import different, signs, sorts
from analysis.terms import Terms
from analysis.words import Folded, fold
from model.mention import Mention
from model.opinion import Hit
from model.vocabulary import Vocabulary

_ENDS = {"providers": PROVIDER, "short_hospitals": "short", "authorities": AUTHORITY, "companies": COMPANY, "generic_bodies": GENERIC}
_SETTINGS = frozenset(("company_words", "blaming_topics", "warning_topics", "sensitive_topics", "health_topics", "health_words"))     # lists in `extra` that are no terms of a sentence
_AUTHORITY_END = re.compile("(?:委|局|厅|委员会|疾控中心|预防控制中心|监督所|红十字会|会)$")


@dataclass(slots=True)
class SentenceReading:
    sentence: Sentence
    hits: list[Hit] = field(default_factory=list)
    accusation: float = 0.0    # all that is said against anybody
    blame: float = 0.0         # … against a health body
    risk: float = 0.0
    praise: bool = False
    blamed: list[tuple[str, float]] = field(default_factory=list)   # printed name of a body, weight
    units: set[str] = field(default_factory=set)
    blame_of: dict[str, float] = field(default_factory=dict)        # unit id → weight


@dataclass(slots=True)
class Reading:
    original: str
    folded: Folded
    sentences: list[SentenceReading]
    document: Document | None = None
    names: tuple[str, ...] = ()            # printed names of all bodies of the text
    bodies: tuple[Body, ...] = ()
    signs: dict[str, float] = field(default_factory=dict)

    def printed(self, s: SentenceReading) -> str:
        start, end = self.folded.span(s.sentence.start, s.sentence.end)
        return self.original[start:end]


class Reader:
    """Holds the automaton over the whole vocabulary."""

    def __init__(self, vocabulary: Vocabulary):
        extra = vocabulary.extra
        self._company_words = tuple(extra.get("company_words", ()))
        gaps = [(re.compile(g.pattern), g.effect, g.topic) for g in vocabulary.gaps]
        warning = frozenset(extra.get("warning_topics", ()))
        self._weigher = Weigher(frozenset(extra.get("blaming_topics", ())), warning, gaps)
        self._terms: Terms[tuple[str, str]] = Terms(_pairs(vocabulary))
        self._read = [[(role, term, topic) for role, topic in tags if role in READ] for term, tags in zip(self._terms.terms, self._terms.tags)]
        ends = {n: [(term, _ENDS[role]) for role, _ in tags if role in _ENDS] for n, (term, tags) in enumerate(zip(self._terms.terms, self._terms.tags))}
        self._ends = {n: words for n, words in ends.items() if words}
        self._sorts = [sorts(tags, warning) for tags in self._terms.tags]
        self._masking = frozenset(n for n, tags in enumerate(self._terms.tags) if any(role == "masked" for role, _ in tags))
        self._health: Terms = Terms((word, "") for word in extra.get("health_words", ()))

    def read(self, title: str, text: str, mentions: Sequence[Mention] = ()) -> Reading:
        original = title + "\n" + text
        folded = fold(original)
        title_end = len(fold(title).text) if folded.starts else len(title)
        sentences = split(folded.text, title_end)
        reading = Reading(original, folded, [SentenceReading(s) for s in sentences])
        if not sentences:
            return reading
        places = self._terms.places(folded.text)
        roles, of_title, of_text = _by_sentence(places, sentences, self._read, self._masking)
        units = _unit_spans(folded, mentions)
        ends = [(start, end, *word) for start, end, n in places if n in self._ends for word in self._ends[n]]
        named = _bodies_of(folded.text, ends, title_end, self._company_words, units)
        placed = _placed([(b.start, b) for b, _ in named], sentences)
        reading.names = tuple({b.name: None for b, _ in named if b.named})
        unit_of = {id(b): u for b, u in named if u}
        if units:
            for at, spans in enumerate(_placed([(start, unit) for start, _, unit in units], sentences)):
                reading.sentences[at].units.update(spans)
        counts = counting(folded.text, sentences, roles)
        doc = reading.document = measure(folded.text, sentences, roles, counts, self._health.count(folded.text),
                                         self._health.count(folded.text[:title_end]), bool(named), any(b.named for b, _ in named))
        reading.bodies = tuple(b for b, _ in named)
        reading.signs = signs(different(of_title, self._sorts), different(of_text, self._sorts), len(sentences), reading.bodies, title_end, doc, folded.text)
        seen = [b for b, _ in named if b.named]
        last: Body | None = None
        went_before = False
        for s, own, here, count in zip(reading.sentences, roles, placed, counts):
            s.praise = "praises" in own
            evidence = self._weigher.weigh(s.sentence, own, count, doc)
            if evidence is not NOTHING:
                s.hits = evidence.hits if not folded.starts else [_unfold(h, folded) for h in evidence.hits]
                s.risk = evidence.risk
            if evidence.items:
                blame = attribute(folded.text, s.sentence, evidence.items, here, own, doc, last, went_before, seen)
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
            went_before = s.blame > 0.2
            if last is None and here:
                last = next((b for b in here if b.named and b.kind == PROVIDER), None)
        return reading


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


def _by_sentence(places: Sequence[tuple[int, int, int]], sentences: Sequence[Sentence], read: Sequence[Sequence[tuple[str, str, str]]],
                 masking: Collection[int]) -> tuple[list[dict[str, list[Find]]], set[int], set[int]]:
    """What is read of each sentence by its role, and the numbers of the terms in the title and in the text.

    `read`: (role, term, topic) by the number of a term; `masking`: numbers of masking phrases: what lies in one of them is not told among the numbers.
    """
    roles: list[dict[str, list[Find]]] = [{} for _ in sentences]
    numbers: tuple[set[int], set[int]] = set(), set()
    at, last, masked = 0, len(sentences) - 1, 0
    own, held, stop = roles[0], numbers[not sentences[0].is_title], sentences[0].end
    for start, end, n in places:
        while start >= stop and at < last:
            at += 1
            own, held, stop = roles[at], numbers[not sentences[at].is_title], sentences[at].end
        if end <= stop:
            if n in masking:
                held.add(n)
                masked = max(masked, end)
            elif end > masked:         # masks come in order, each before what lies in it
                held.add(n)
            for role, term, topic in read[n]:
                if role in own:
                    own[role].append((start, end, term, topic))
                else:
                    own[role] = [(start, end, term, topic)]
    return roles, *numbers


def _placed(things: Sequence[tuple[int, object]], sentences: Sequence[Sentence]) -> list[list]:
    placed: list[list] = [[] for _ in sentences]
    at, last = 0, len(sentences) - 1
    for start, thing in sorted(things, key=lambda t: t[0]):
        while at < last and start >= sentences[at].end:
            at += 1
        placed[at].append(thing)
    return placed


def _unit_spans(folded: Folded, mentions: Sequence[Mention]) -> list[tuple[int, int, str]]:
    """Folded spans of the units named with certainty."""
    spans = []
    for m in mentions:
        if m.unit_id and m.certain and m.end > m.start:
            start = m.start if not folded.starts else _refold(folded, m.start)
            spans.append((start, start + len(fold(m.surface).text), m.unit_id))
    return sorted(spans)


def _refold(folded: Folded, original: int) -> int:
    """The folded offset of an original one."""
    low, high = 0, len(folded.text)
    while low < high:
        middle = (low + high) // 2
        if folded.origin(middle) < original:
            low = middle + 1
        else:
            high = middle
    return low


def _bodies_of(text: str, ends: Sequence[tuple[int, int, str, str]], title_end: int, company_words: Sequence[str],
               units: Sequence[tuple[int, int, str]]) -> list[tuple[Body, str]]:
    """Bodies of the text in order, those that are units with their id."""
    read = bodies(text, ends, title_end, company_words)
    if not units:
        return [(b, "") for b in read]
    named: list[tuple[Body, str]] = []
    for start, end, unit in units:
        over = [b for b in read if b.start < end and start < b.end]
        kind = next((b.kind for b in over if b.kind != GENERIC), AUTHORITY if _AUTHORITY_END.search(text[start:end]) else PROVIDER)
        named.append((Body(start, max([end] + [b.end for b in over]), text[start:end], kind, True), unit))
    free = [(b, "") for b in read if not any(b.start < end and start < b.end for start, end, _ in units)]
    return sorted(named + free, key=lambda pair: pair[0].start)


def _unfold(hit: Hit, folded: Folded) -> Hit:
    start, end = folded.span(hit.start, hit.end)
    return Hit(hit.term, hit.topic, hit.kind, start, end, hit.cancelled)
