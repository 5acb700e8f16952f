"""Who is blamed in a sentence: for each accusation the nearest body before it that can be blamed, else the nearest after it.

A body that treats, that is a patient's destination, that speaks, reports, checks or punishes is not the one who is blamed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from analysis.bodies import AUTHORITY, COMPANY, GENERIC, PROVIDER, Body
from analysis.document import Document, Roles
from analysis.evidence import Item
from analysis.sentences import Sentence

_GOING = re.compile(r"(?:送往|送到|送至|送入|送医|送|转至|转到|转入|转往|转院到|赶往|赶到|抵达|支援|驰援|抬往|抬到|前往|来到|到|赴|向|给|据|经|记者)$")
_BY = re.compile(r"(?:被|由|遭)$")
_SPEAKS = re.compile(r"^[^，。；]{0,16}?(?:介绍|表示|提醒|建议|说|指出|称|认为|解释|获悉|了解到|透露|告诉)")
_ACTS_REACH = 10
_HARD = frozenset(("strong", "gap", "reproach", "sanction"))


class Blame(NamedTuple):
    total: float
    by_body: list[tuple[Body, float]]
    nobody: float              # weight of accusations that no health body answers for


def attribute(text: str, sentence: Sentence, items: Sequence[Item], found: Sequence[Body], roles: Roles, doc: Document,
              last: Body | None, went_before: bool) -> Blame:
    """`last`: the body blamed before, whom 院方 or an unnamed subject means; `went_before`: the sentence before blamed somebody."""
    acts = [f.start for f, _ in roles.get("acts", ())]
    shares = [(body, *_share(text, sentence, body, acts, doc)) for body in found]
    by_body: list[tuple[Body, float]] = []
    total = nobody = 0.0
    culprits = bool(roles.get("other_culprits"))
    for item in items:
        answer = _answers(item, shares)
        if answer is None:
            share = 0.0
            if doc.care and not found:
                if went_before and not culprits:
                    share = 0.4
                elif item.kind == "harm" or (sentence.is_title and doc.incident):
                    share = 0.7
                elif item.kind == "strong" and not culprits:
                    share = 0.5
            if share and last is not None:
                by_body.append((last, item.weight * share * 0.5))
        else:
            body, share = answer
            named = body if body.named else last
            if named is not None:
                by_body.append((named, item.weight * share * (1.0 if body.named else 0.6)))
        total += item.weight * share
        nobody += item.weight * (1.0 - share)
    return Blame(total, by_body, nobody)


def _share(text: str, sentence: Sentence, body: Body, acts: Sequence[int], doc: Document) -> tuple[float, float]:
    """How far a body can be blamed for (hard, soft) accusations; hard: strong words, reproaches, sanctions."""
    left = text[max(sentence.start, body.start - 4):body.start]
    right = text[body.end:min(sentence.end, body.end + 24)]
    acting = any(body.end <= a <= body.end + _ACTS_REACH for a in acts)
    if body.kind == PROVIDER:
        if _GOING.search(left):
            return (0.6, 0.5 * doc.dispute)
        if _SPEAKS.match(right):
            return (0.3 + 0.5 * doc.dispute, 0.7 * doc.dispute)
        return (1.0, 1.0)
    if body.kind == COMPANY:
        return (0.9, 0.2)
    if body.kind == GENERIC:
        return (0.8, 0.8)
    if body.kind == AUTHORITY and not acting and not _GOING.search(left) and not _BY.search(left):
        return (0.9, 0.0)
    return (0.0, 0.0)


def _answers(item: Item, shares: Sequence[tuple[Body, float, float]]) -> tuple[Body, float] | None:
    before: tuple[Body, float] | None = None
    for body, hard, soft in shares:
        share = hard if item.kind in _HARD else soft
        if body.kind == AUTHORITY and item.kind not in ("reproach", "sanction"):
            share *= 0.5
        if share <= 0:
            continue
        if body.start < item.end:
            if before is None or share >= before[1] * 0.5 or body.named:
                before = (body, share)
        elif before is None:
            return body, share * 0.9
    return before
