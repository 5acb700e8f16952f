"""Stories about the same happening, joined for alerts: by names, words, places and time.  Never a statement about copying."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp, log, sqrt

from analysis.cleaning import clean, clean_title
from analysis.words import cut
from model.clipping import Clipping

HEAD = 600               # characters of the body that are read: what a happening is stands at its beginning
WORDS = 60               # heaviest words kept of a story
JOIN = 0.24              # likeness from which two stories are of one happening
TITLE = 3                # a word of the title counts as often as this
FADE = timedelta(days=30)  # after this long without a new story a happening's likeness has fallen to 1/e … of its distance to 0.5
_WORD = re.compile(r"[一-鿿]{2,}|[a-z][a-z0-9]+")


@dataclass(frozen=True)
class Joined:
    """The event a story was put into; `reason` in Chinese with the words that decided."""

    event_id: int
    likeness: float
    new: bool
    reason: str


def words_of(title: str, text: str) -> Counter[str]:
    """The content words of a story with their weight: the title several times, the beginning of the body once."""
    counted: Counter[str] = Counter()
    for source, weight in ((clean_title(title), TITLE), (clean(text[:2 * HEAD], title).text[:HEAD], 1)):
        for word in cut(source):
            if _WORD.fullmatch(word):
                counted[word] += weight
    return counted


@dataclass
class _Event:
    id: int
    sums: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    norm: float = 0.0
    stories: int = 0
    units: set[str] = field(default_factory=set)
    last: datetime | None = None


class EventIndex:
    """Online: each story is compared with the happenings known so far and joins the likest, or opens one.

    Words weigh by their rarity among the stories seen so far, so nothing need be known beforehand.
    """

    def __init__(self, join: float = JOIN):
        self.join = join
        self.seen = 0
        self.frequency: Counter[str] = Counter()
        self.events: dict[int, _Event] = {}
        self.by_word: dict[str, set[int]] = defaultdict(set)

    def _weights(self, counted: Mapping[str, int]) -> dict[str, float]:
        weighed = {w: (1 + log(n)) * log((1 + self.seen) / (0.5 + self.frequency[w])) for w, n in counted.items()}
        kept = sorted(weighed.items(), key=lambda item: (-item[1], item[0]))[:WORDS]
        norm = sqrt(sum(v * v for _, v in kept)) or 1.0
        return {w: v / norm for w, v in kept if v > 0}

    def add(self, title: str, text: str, units: Iterable[str] = (), published: datetime | None = None) -> Joined:
        counted = words_of(title, text)
        self.seen += 1
        self.frequency.update(counted.keys())
        weights = self._weights(counted)
        units = set(units)
        tried: Counter[int] = Counter()
        for word, _ in sorted(weights.items(), key=lambda item: -item[1])[:20]:
            for event_id in self.by_word[word]:
                tried[event_id] += 1
        best, best_id = 0.0, 0
        for event_id, _ in tried.most_common(40):
            likeness = self._likeness(self.events[event_id], weights, units, published)
            if likeness > best:
                best, best_id = likeness, event_id
        new = best < self.join
        event = _Event(len(self.events) + 1) if new else self.events[best_id]
        shared = sorted(((weights[w] * event.sums.get(w, 0.0), w) for w in weights if event.sums.get(w)), reverse=True)[:5]
        self._absorb(event, weights, units, published)
        if new:
            return Joined(event.id, best, True, "此前没有相似的报道")
        return Joined(event.id, best, False, f"同说“{'、'.join(w for _, w in shared)}”，相似度{100 * best:.0f}%")

    def _likeness(self, event: _Event, weights: Mapping[str, float], units: set[str], published: datetime | None) -> float:
        if not event.norm:
            return 0.0
        likeness = sum(v * event.sums.get(w, 0.0) for w, v in weights.items()) / event.norm
        if units and event.units:
            likeness *= 1.15 if units & event.units else 0.8
        if published and event.last and published > event.last:
            likeness *= 0.5 + 0.5 * exp(-((published - event.last) / FADE))
        return min(1.0, likeness)

    def _absorb(self, event: _Event, weights: Mapping[str, float], units: set[str], published: datetime | None) -> None:
        for word, value in weights.items():
            event.sums[word] += value
        for word in sorted(weights, key=lambda w: -weights[w])[:20]:
            self.by_word[word].add(event.id)
        event.norm = sqrt(sum(v * v for v in event.sums.values()))
        event.stories += 1
        event.units |= units
        event.last = max((t for t in (event.last, published) if t), default=None)
        self.events[event.id] = event


def b_cubed(said: Mapping[Hashable, Hashable], labelled: Mapping[Hashable, Hashable]) -> tuple[float, float, float]:
    """(precision, recall, F1) of a grouping after Bagga and Baldwin (1998), over the items of `labelled`."""
    groups, classes = defaultdict(set), defaultdict(set)
    for item in labelled:
        groups[said[item]].add(item)
        classes[labelled[item]].add(item)
    precision = recall = 0.0
    for item in labelled:
        both = len(groups[said[item]] & classes[labelled[item]])
        precision += both / len(groups[said[item]])
        recall += both / len(classes[labelled[item]])
    precision, recall = precision / len(labelled), recall / len(labelled)
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def same_event(clipping: Clipping, copies: Sequence[Clipping]) -> tuple[bool, str]:
    """Is a clipping about the happening of these copies?  (yes or no, why in words)"""
    if not copies:
        return False, "没有可比的报道"
    if clipping.story and any(c.story and c.story.id == clipping.story.id for c in copies):
        return True, "与该舆情已有稿件为同一篇"
    mine = words_of(clipping.article.title, clipping.article.text)
    best, why = 0.0, ""
    for copy in copies[:40]:
        theirs = words_of(copy.article.title, copy.article.text)
        shared = mine.keys() & theirs.keys()
        dot = sum(mine[w] * theirs[w] for w in shared)
        likeness = dot / (sqrt(sum(v * v for v in mine.values())) * sqrt(sum(v * v for v in theirs.values())) or 1.0)
        likeness *= 1.15 if set(clipping.unit_ids) & set(copy.unit_ids) else 0.8
        if likeness > best:
            best = likeness
            why = "同说“" + "、".join(sorted(shared, key=lambda w: (-mine[w] * theirs[w], w))[:5]) + f"”，相似度{100 * min(1, best):.0f}%"
    return (best >= 0.45), why or "所述之事不同"
