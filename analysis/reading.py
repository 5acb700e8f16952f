"""What a text says, sentence by sentence: which terms stand, which are cancelled and why, who is blamed.

This is the reading; `opinion.py` draws the conclusion.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Iterable, Sequence

from analysis import weights as W
from analysis.bodies import AUTHORITY, COMPANY, GENERIC, PROVIDER, Body, bodies
from analysis.sentences import Sentence, split
from analysis.terms import Found, Terms
from analysis.words import Folded, fold
from model.mention import Mention
from model.opinion import Hit
from model.vocabulary import Vocabulary

_ENDS = {"providers": PROVIDER, "short_hospitals": "short", "authorities": AUTHORITY, "companies": COMPANY, "generic_bodies": GENERIC}
_HAN_RUN = re.compile("[\u4e00-\u9fff]+")
_CASES = re.compile(r"\d+\s*例")
_UNNATURAL = frozenset(("坠楼", "跳楼", "坠亡", "坠下", "自杀"))
_CONTEXT_FLIPS = frozenset(("F1", "F2", "F3", "F4", "F9", "F10"))
_PROPER_FLIPS = frozenset(("F5", "F6", "F7"))
_HELP_BEFORE = re.compile(r"(?:送往|送到|送至|送入|送医|送|转至|转到|转入|转往|赶往|赶到|抵达|支援|驰援|抬往|抬到|前往|来到|到|赴|向|给|据|从|被|由|经|记者)$")
_CLAUSE = re.compile(r"[，,、；：:]")


@dataclass(slots=True)
class SentenceReading:
    sentence: Sentence
    hits: list[Hit] = field(default_factory=list)
    accusation: float = 0.0
    blame: float = 0.0
    risk: float = 0.0
    blamed: list[tuple[str, float]] = field(default_factory=list)
    units: set[str] = field(default_factory=set)
    blame_of: dict[str, float] = field(default_factory=dict)
    bodies: list[Body] = field(default_factory=list)


@dataclass(slots=True)
class Reading:
    original: str
    folded: Folded
    sentences: list[SentenceReading]
    health: float = 0.0            # 0..1, how much of the text is about health
    bulletin: bool = False
    deaths: bool = False

    @property
    def named_blame(self) -> bool:
        return any(s.blamed for s in self.sentences)

    def printed(self, s: SentenceReading) -> str:
        start, end = self.folded.span(s.sentence.start, s.sentence.end)
        return self.original[start:end]


class Reader:
    """Holds the automaton over the whole vocabulary."""

    def __init__(self, vocabulary: Vocabulary):
        self._extra = vocabulary.extra
        self._risk_topics = {t.id for t in vocabulary.topics} - set(vocabulary.extra.get("blaming_topics", ()))
        self._company_words = tuple(vocabulary.extra.get("company_words", ()))
        self._gaps = [(re.compile(g.pattern), g.effect, g.topic) for g in vocabulary.gaps]
        self._terms: Terms = Terms(self._pairs(vocabulary))

    def _pairs(self, v: Vocabulary) -> Iterable[tuple[str, tuple[str, str]]]:
        for topic in v.topics:
            for role, words in (("watch" if topic.watch else "strong", topic.strong), ("weak", topic.weak), ("masked", topic.masked)):
                for word in words:
                    yield word, (role, topic.id)
        yield from ((word, ("frame", "")) for word in v.frames)
        yield from ((word, ("flip", group)) for group, words in v.flips.items() for word in words)
        yield from ((word, ("reverse", "")) for word in v.reverse)
        for name, words in v.extra.items():
            if name not in ("company_words", "blaming_topics"):
                yield from ((word, (name, "")) for word in words)
        for number, gap in enumerate(v.gaps):
            for run in set(_HAN_RUN.findall(gap.pattern)):
                yield run, ("gap", str(number))

    def read(self, title: str, text: str, mentions: Sequence[Mention] = ()) -> Reading:
        original = title + "\n" + text
        folded = fold(original)
        title_end = len(fold(title).text) if folded.starts else len(title)
        found = self._terms.find(folded.text)
        sentences = [SentenceReading(s) for s in split(folded.text, title_end)]
        reading = Reading(original, folded, sentences)
        if not sentences:
            return reading
        roles = _by_sentence(found, sentences)
        self._place_bodies(folded.text, found, sentences, title_end)
        self._place_units(folded, sentences, mentions)
        _doc = _Document(reading, roles)
        for at, (s, own) in enumerate(zip(sentences, roles)):
            self._read_sentence(folded, s, own, sentences[at - 1] if at else None, _doc)
        reading.health, reading.bulletin, reading.deaths = _doc.health, _doc.bulletin, _doc.deaths
        return reading

    def _place_bodies(self, text: str, found: Sequence[Found], sentences: Sequence[SentenceReading], title_end: int) -> None:
        ends = [(f, _ENDS[role]) for f in found for role, _ in f.tags if role in _ENDS]
        at = 0
        for body in bodies(text, ends, title_end, self._company_words):
            while at < len(sentences) - 1 and sentences[at].sentence.end <= body.start:
                at += 1
            sentences[at].bodies.append(body)

    def _place_units(self, folded: Folded, sentences: Sequence[SentenceReading], mentions: Sequence[Mention]) -> None:
        for m in mentions:
            if m.unit_id and m.certain:
                for s in sentences:
                    if folded.origin(s.sentence.start) <= m.start < folded.origin(s.sentence.end - 1) + 1:
                        s.units.add(m.unit_id)

    def _read_sentence(self, folded: Folded, s: SentenceReading, own: "Roles", before: SentenceReading | None, doc: "_Document") -> None:
        text = folded.text
        masks = [(f.start, f.end) for f in own.get("masked")] + [(f.start, f.end) for f in own.get("flip", _PROPER_FLIPS)]
        flips = own.get("flip", _CONTEXT_FLIPS)
        reverse = own.get("reverse")
        gaps, gap_flips = self._gap_hits(s, own)
        masks += gap_flips if not reverse else []
        stated = Counter()

        def stands(start: int, end: int) -> str:
            """Why a term does not stand, or ""."""
            if any(a <= start and end <= b and (b - a) > (end - start) for a, b in masks):
                return "专名或固定说法"
            for n in own.get("negators"):
                if start - 2 <= n.end <= start:
                    return f"否定：{n.term}"
            if not reverse:
                for f in flips:
                    if -15 <= f.start - start <= 12 and not (f.start >= start and f.end <= end):
                        return f"工作语境：{f.term}"
            return ""

        accusation = risk = 0.0
        taken: list[tuple[int, int]] = []

        def hit(f_start: int, f_end: int, term: str, topic: str, kind: str, flippable: bool = True) -> bool:
            why = stands(f_start, f_end)
            if why.startswith("工作") and not flippable:
                why = ""
            if not why and any(a < f_end and f_start < b for a, b in taken):
                return False
            start, end = folded.span(f_start, f_end)
            s.hits.append(Hit(term, topic, kind, start, end, why))
            if not why:
                taken.append((f_start, f_end))
            return not why

        stats = len(own.get("stats")) + len(_CASES.findall(s.sentence.text))
        for f in own.get("strong"):
            topic = next(t for r, t in f.tags if r == "strong")
            if hit(f.start, f.end, f.term, topic, "strong"):
                if topic in self._risk_topics:
                    risk += W.STRONG
                    accusation += W.STRONG * 0.5
                else:
                    accusation += W.STRONG
                stated["strong"] += 1
        for start, end, topic in gaps:
            if stats < 2 and hit(start, end, text[start:end], topic, "gap"):
                accusation += W.GAP * (doc.dispute if topic == "T02" else 1.0)
                stated["gap"] += 1
        for f in own.get("reproaches"):
            if hit(f.start, f.end, f.term, "", "frame"):
                accusation += W.REPROACH
                stated["reproach"] += 1
        for f in own.get("sanctions"):
            if hit(f.start, f.end, f.term, "", "frame", flippable=False):
                accusation += W.SANCTION
                risk += W.SANCTION * 0.5
                stated["sanction"] += 1
        harms = own.get("harms")
        if harms and own.get("patients") and stats < 2:
            for f in harms:
                if hit(f.start, f.end, f.term, "", "frame"):
                    accusation += W.HARM * (max(doc.dispute, 0.6) if f.term in _UNNATURAL else doc.dispute)
                    stated["harm"] += 1
                    break
        weak = {f.term for f in own.get("weak")}
        frames = own.get("frame")
        if len(weak) >= 2 or (weak and frames):
            for f in own.get("weak"):
                topic = next(t for r, t in f.tags if r == "weak")
                if hit(f.start, f.end, f.term, topic, "weak"):
                    accusation += W.WEAK * (0.3 if topic in self._risk_topics else 1.0)
            for f in frames:
                if hit(f.start, f.end, f.term, "", "frame"):
                    accusation += W.FRAME
        if doc.dispute >= 0.6 and (s.bodies or doc.harm):
            accusation += min(0.8, W.DISPUTE * len({f.term for f in own.get("disputes")}) * 0.5)
        for f in own.get("risks"):
            if not stands(f.start, f.end):
                risk += 0.6
        for f in own.get("watch"):
            hit(f.start, f.end, f.term, next(t for r, t in f.tags if r == "watch"), "watch")
        if stats >= 2:
            accusation *= 0.2
        if doc.bulletin:
            accusation *= 0.3
            risk *= 0.5
        if own.get("denials") and not reverse:
            accusation *= 0.4
            risk += 0.5
        s.accusation = min(accusation, 3.0)
        s.risk = min(risk, 3.0)
        self._blame(text, s, own, before, doc, stated)

    def _gap_hits(self, s: SentenceReading, own: "Roles") -> tuple[list[tuple[int, int, str]], list[tuple[int, int]]]:
        hits, flips = [], []
        for number in {int(topic) for f in own.get("gap") for role, topic in f.tags if role == "gap"}:
            pattern, effect, topic = self._gaps[number]
            for found in pattern.finditer(s.sentence.text):
                start, end = s.sentence.start + found.start(), s.sentence.start + found.end()
                if effect == "negative":
                    hits.append((start, end, topic))
                else:
                    flips.append((start, end))
        return hits, flips

    def _blame(self, text: str, s: SentenceReading, own: "Roles", before: SentenceReading | None, doc: "_Document", stated: Counter) -> None:
        if s.accusation <= 0:
            return
        direct = stated["strong"] + stated["gap"] + stated["reproach"] + stated["sanction"]
        best = 0.0
        acts = own.get("acts")
        for body in s.bodies:
            share = 0.0
            left = text[max(s.sentence.start, body.start - 4):body.start]
            acting = any(body.end <= a.start <= body.end + 10 for a in acts)
            helping = bool(_HELP_BEFORE.search(left))
            if body.kind == PROVIDER:
                share = 0.25 if helping and not direct else 1.0 if not acting or direct else 0.7
            elif body.kind == COMPANY:
                share = 0.9 if stated["strong"] + stated["reproach"] + stated["sanction"] else 0.0
            elif body.kind == GENERIC:
                share = 0.8
            elif body.kind == AUTHORITY and stated["reproach"] + stated["sanction"] and not acting and not helping:
                share = 0.8
            if share and body.named:
                s.blamed.append((body.name, s.accusation * share))
            best = max(best, share)
        if not best and doc.providers:
            culprits = own.get("other_culprits")
            if before is not None and before.blame > 0 and not culprits:
                best = 0.4
            elif stated["harm"] or stated["strong"] and not culprits:
                best = 0.6
        s.blame = s.accusation * best
        for unit in s.units:
            s.blame_of[unit] = s.blame
        if not best:
            s.risk = min(3.0, s.risk + s.accusation * 0.5)


class Roles:
    """The finds of one sentence by role."""

    __slots__ = ("_by",)

    def __init__(self) -> None:
        self._by: dict[str, list[tuple[Found, str]]] = {}

    def add(self, f: Found) -> None:
        for role, topic in f.tags:
            self._by.setdefault(role, []).append((f, topic))

    def get(self, role: str, topics: frozenset[str] | None = None) -> list[Found]:
        held = self._by.get(role)
        if not held:
            return []
        return [f for f, topic in held if topics is None or topic in topics]


def _by_sentence(found: Sequence[Found], sentences: Sequence[SentenceReading]) -> list[Roles]:
    roles = [Roles() for _ in sentences]
    at = 0
    for f in found:
        while at < len(sentences) - 1 and f.start >= sentences[at].sentence.end:
            at += 1
        if f.end <= sentences[at].sentence.end:
            roles[at].add(f)
    return roles


class _Document:
    """Figures of the whole text that a sentence is read against."""

    def __init__(self, reading: Reading, roles: Sequence[Roles]):
        length = max(1, len(reading.folded.text))
        words = sum(len(r.get("health_words")) for r in roles)
        title = sum(len(r.get("health_words")) for r, s in zip(roles, reading.sentences) if s.sentence.is_title)
        self.health = min(1.0, 25.0 * words / max(200, length) * 0.6 + min(title, 3) * 0.15)
        stats = sum(len(r.get("stats")) + len(_CASES.findall(s.sentence.text)) for r, s in zip(roles, reading.sentences))
        self.bulletin = stats / max(2, len(roles)) >= 1.5
        self.harm = any(r.get("harms") and r.get("patients") for r in roles)
        terms = {f.term for r in roles for f in r.get("disputes")}
        self.dispute = min(1.0, 0.15 * len(terms))
        self.providers = any(b.kind in (PROVIDER, GENERIC) for s in reading.sentences for b in s.bodies)
        self.deaths = any(r.get("deaths") and r.get("patients") for r in roles)


