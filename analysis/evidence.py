"""What is said against somebody in one sentence: each accusing word, whether it stands, and what cancelled it.

A word is cancelled by a longer fixed phrase around it (医疗纠纷人民调解), by a negation before it (未发生…), by a context
of work near it (打击…, …演练, …下降), unless the sentence turns that context back ("零投诉"被指造假).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from analysis import weights as W
from analysis.document import Document, Find, Roles
from analysis.sentences import Sentence
from model.opinion import Hit

_PROPER = frozenset(("F5", "F6", "F7"))            # proper names and other senses: cancel what lies inside them
_WORK = frozenset(("F1", "F2", "F3", "F4", "F9", "F10"))   # contexts of work: cancel what stands near them
_CAMPAIGNS = frozenset(("F1", "F3"))               # of these, what also cancels reproaches: campaigns and prohibitions
_NO_WORK: frozenset[str] = frozenset()             # nothing of these cancels a sanction
_UNNATURAL = frozenset(("坠楼", "跳楼", "坠亡", "坠下", "自杀"))
_WORK_BEFORE, _WORK_AFTER = 15, 12                 # characters from a context of work to the word it cancels
ACCUSING = frozenset(("strong", "gap", "calming", "reproaches", "sanctions", "harms", "risks", "watch", "denials", "complaints"))


class Item(NamedTuple):
    """An accusation that stands: folded offsets, weight, kind (strong, warning, gap, reproach, sanction, harm, complaint, weak, dispute)."""

    start: int
    end: int
    weight: float
    kind: str
    topic: str


class Evidence(NamedTuple):
    items: list[Item]
    hits: list[Hit]            # offsets still in the folded text
    risk: float
    damped: float              # factor on all weights: counting, bulletin, denial


NOTHING = Evidence([], [], 0.0, 1.0)


class Weigher:
    """Weighs sentences; knows which topics accuse by themselves and which only warn."""

    def __init__(self, blaming: frozenset[str], warning: frozenset[str], gaps: Sequence[tuple[re.Pattern, str, str]]):
        """`gaps`: (pattern, effect, topic) by their numbers."""
        self._blaming, self._warning = blaming, warning
        self._gaps = {str(number): gap for number, gap in enumerate(gaps)}

    def weigh(self, sentence: Sentence, roles: Roles, counting: int, doc: Document) -> Evidence:
        """`counting`: signs of case counting in the sentence."""
        if ACCUSING.isdisjoint(roles) and not (len(roles.get("weak", ())) > 1 or "weak" in roles and "frame" in roles or "disputes" in roles and doc.dispute >= 0.5):
            return NOTHING
        court = _Court(roles)
        if "calming" in roles:
            self._calm(sentence, roles, court)
        items, risk = court.items, 0.0
        for start, end, term, topic in roles.get("strong", ()):
            if court.hears(start, end, term, topic, "strong"):
                warns = topic in self._warning
                items.append(Item(start, end, W.WARNING if warns else W.STRONG, "warning" if warns else "strong", topic))
                risk += 0.0 if topic in self._blaming else W.STRONG
        for start, end, told, topic in self._gap_hits(sentence, roles, "gap") if counting < 2 and "gap" in roles else ():
            if court.hears(start, end, told, topic, "gap"):
                warns = topic in self._warning
                weight = W.WARNING if warns else (W.GAP * (_argued(sentence, roles, start, end, doc) if topic == "T02" else 1.0) if topic else W.OMISSION)
                items.append(Item(start, end, weight, "warning" if warns else "gap", topic))
                risk += W.STRONG if warns else 0.0
        if counting < 2 and "harms" in roles and "patients" in roles:
            self._harm(sentence, roles, doc, court)
        for start, end, term, _ in roles.get("reproaches", ()):
            if court.hears(start, end, term, "", "frame", _CAMPAIGNS):
                items.append(Item(start, end, W.REPROACH, "reproach", ""))
        for start, end, term, _ in roles.get("sanctions", ()):
            if court.hears(start, end, term, "", "frame", _NO_WORK):
                items.append(Item(start, end, W.SANCTION, "sanction", ""))
                risk += W.SANCTION * 0.5
        if "complaints" in roles:
            heard = [(start, end) for start, end, term, _ in {find[2]: find for find in roles["complaints"]}.values() if court.hears(start, end, term, "", "frame")]
            if heard:
                items.append(Item(*heard[0], W.COMPLAINT * len(heard), "complaint", ""))
        if "weak" in roles:
            self._weak(roles, court, doc)
        if doc.dispute >= 0.5 and ("disputes" in roles or "concerns" in roles):
            self._disputes(roles, court)
        if "risks" in roles:
            risk += sum(W.RISKY for start, end, *_ in roles["risks"] if not court.cancels(start, end))
        for start, end, term, topic in roles.get("watch", ()):
            court.hears(start, end, term, topic, "watch")
        damped = 0.2 if counting >= 2 else 1.0
        if doc.bulletin:
            damped, risk = damped * 0.3, risk * 0.5
        if doc.calm:
            damped, risk = damped * 0.35, risk * 0.3
        if doc.denied:
            damped, risk = damped * 0.15, risk + 0.5
        elif "denials" in roles and not court.reversed and not all(court.cancels(start, end) for start, end, *_ in roles["denials"]):
            damped, risk = damped * 0.4, risk + 0.5
        return Evidence(items, court.hits, min(3.0, risk), damped)

    def _harm(self, sentence: Sentence, roles: Roles, doc: Document, court: "_Court") -> None:
        for start, end, term, _ in roles["harms"]:
            if court.hears(start, end, term, "T02", "frame"):
                court.items.append(Item(start, end, W.HARM * _argued(sentence, roles, start, end, doc), "harm", "T02"))
                return

    def _weak(self, roles: Roles, court: "_Court", doc: Document) -> None:
        weak = {find[2]: find for find in roles["weak"]}
        if len(weak) < 2 and "frame" not in roles:
            return
        frames = {find[2]: find for find in roles.get("frame", ())}
        sure = 1.0 if frames or doc.dispute >= 0.3 else 0.3
        first, topic_held, weight = None, "", 0.0
        for start, end, term, topic in weak.values():
            if court.hears(start, end, term, topic, "weak"):
                first, topic_held = first or (start, end), topic_held or topic
                weight += sure * W.WEAK * (0.3 if topic in self._warning else 1.0)
        for start, end, term, _ in frames.values():
            if court.hears(start, end, term, "", "frame"):
                first = first or (start, end)
                weight += W.FRAME
        if first is not None:
            court.items.append(Item(*first, weight, "weak", topic_held))

    def _disputes(self, roles: Roles, court: "_Court") -> None:
        held = {find[2]: find for role in ("disputes", "concerns") for find in roles.get(role, ())}
        start, end, *_ = min(held.values())
        court.items.append(Item(start, end, min(W.DISPUTE * 2, W.DISPUTE * 0.5 * len(held)), "dispute", "T01"))

    def _calm(self, sentence: Sentence, roles: Roles, court: "_Court") -> None:
        for start, end, told, effect in self._gap_hits(sentence, roles, "calming"):
            if effect == "flip":
                court.phrases.append((start, end))
            elif not court.reversed:
                court.work.append((start, end, told, "F1"))

    def _gap_hits(self, sentence: Sentence, roles: Roles, role: str) -> Iterator[Find]:
        """Where the gapped patterns whose words occur in `role` match: start, end, the words, their topic (their effect where they calm)."""
        for number in dict.fromkeys([number for *_, number in roles[role]]):
            pattern, effect, topic = self._gaps[number]
            for found in pattern.finditer(sentence.text):
                yield sentence.start + found.start(), sentence.start + found.end(), found[0], topic if role == "gap" else effect


def _argued(sentence: Sentence, roles: Roles, start: int, end: int, doc: Document) -> float:
    """How far harm to a patient is held against somebody: by the dispute of the text, by its kind, by the title's questions."""
    told = sentence.text[start - sentence.start:end - sentence.start]
    unnatural = any(word in told for word in _UNNATURAL)
    if sentence.is_title and roles.get("concerns"):
        return max(doc.dispute, 0.9 if unnatural else 0.6)
    return max(doc.dispute, 0.6 if unnatural else 0.0)


class _Court:
    """Hears the words of one sentence and keeps the record: what stands and what does not.

    `phrases` cancel what lies in them, `work` (contexts of work) what stands near it, unless the sentence is `reversed`.
    """

    def __init__(self, roles: Roles):
        self.items: list[Item] = []
        self.hits: list[Hit] = []
        self.reversed = "reverse" in roles
        self.phrases: list[tuple[int, int]] = [(start, end) for start, end, *_ in roles["masked"]] if "masked" in roles else []
        self.work: list[Find] = []
        if "flip" in roles:
            self.phrases += [(start, end) for start, end, _, group in roles["flip"] if group in _PROPER]
            self.work += [find for find in roles["flip"] if find[3] in _WORK and not self.reversed]
        self._negators = [(end, term) for _, end, term, _ in roles["negators"]] if "negators" in roles else ()
        self._taken: list[tuple[int, int]] = []

    def cancels(self, start: int, end: int, work: frozenset[str] = _WORK) -> str:
        """Why a word does not stand, or ""."""
        for a, b in self.phrases:
            if a <= start and end <= b and b - a > end - start:
                return "专名或固定说法"
        for stop, term in self._negators:
            if start - (4 if len(term) > 1 else 2) <= stop <= start:
                return f"否定：{term}"
        for a, b, term, group in self.work:
            if group in work and (a < start or b > end) and start - _WORK_BEFORE <= a <= end + _WORK_AFTER:
                return f"工作语境：{term}"
        return ""

    def hears(self, start: int, end: int, term: str, topic: str, kind: str, work: frozenset[str] = _WORK) -> bool:
        why = self.cancels(start, end, work) if self.phrases or self._negators or self.work else ""
        if not why:
            for a, b in self._taken:
                if a < end and start < b:
                    return False
            self._taken.append((start, end))
        self.hits.append(Hit(term, topic, kind, start, end, why))
        return not why
