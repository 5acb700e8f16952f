"""The words that decide: topics, frames, flips, reversals, gapped patterns, place traps, and a bureau's own rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping


@dataclass(frozen=True)
class Topic:
    """`strong` alone makes a text suspect, `weak` needs a second signal, `masked` phrases are taken out first."""

    id: str
    name: str
    strong: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    severity: int = 1
    watch: bool = False            # a standing watch topic: no blame needed
    kind: str = ""                 # a sensitive matter: a risk of it opens a case of this kind (model.alert.KINDS) without blame


@dataclass(frozen=True)
class Gap:
    """A gapped pattern, e.g. `拖欠.{0,8}工资`; `effect` is negative, flip or flip_unless_reversed."""

    pattern: str
    effect: str = "negative"
    topic: str = ""


EFFECTS = {"negative": "算负面，报警", "risk": "算风险，报警，不归责", "calm": "不算负面，不报警", "mark": "只标注"}    # of a rule


@dataclass(frozen=True)
class Rule:
    """A bureau's own rule in lay syntax.  It holds when one of `words`, `patterns` or strong words of `topics` occurs, all of
    `must` and none of `never`.  `effect`: key of EFFECTS; `kind`: of the case it opens, key of `model.alert.KINDS`."""

    name: str
    words: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()   # topic ids
    when: str = ""                 # as written
    effect: str = "negative"
    topic: str = ""                # of the judgement it makes
    severity: int = 1
    kind: str = "opinion"
    by: str = ""                   # who wrote it and when


@dataclass(frozen=True)
class Vocabulary:
    topics: tuple[Topic, ...] = ()
    frames: tuple[str, ...] = ()
    flips: Mapping[str, tuple[str, ...]] = field(default_factory=dict)   # group id → words
    reverse: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    place_traps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # place → words in which it is no place
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)   # further named word lists of the judge
    provenance: Mapping[str, str] = field(default_factory=dict)          # "list:word" → who added it and when
    rules: tuple[Rule, ...] = ()

    def origin(self, label: str, word: str) -> str:
        """Who added a word of a list (T04.strong, frames, flips.F1, extra.harms) and when; the list's own entry where the word has none."""
        keys = (f"{label}:{word}", f"{label}:*", f"{label.split('.')[0]}:*", "*")
        return next((self.provenance[key] for key in keys if key in self.provenance), "")
