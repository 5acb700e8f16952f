"""Who is blamed in a sentence: for each accusation the nearest body before it that can be blamed, else the nearest after it.

A body that treats, that is a patient's destination, that speaks, reports, checks or punishes is not the one who is
blamed; nor is any body when the accusation is said of somebody else (a patient who conceals, a man who beats a nurse).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from analysis.bodies import AUTHORITY, COMPANY, GENERIC, PROVIDER, Body
from analysis.document import Document, Roles
from analysis.evidence import Item
from analysis.sentences import Sentence

_GOING = re.compile(r"(?:送往|送到|送至|送入|送医|送|转至|转到|转入|转往|转院到|赶往|赶到|抵达|支援|驰援|抬往|抬到|前往|来到|到|赴|给|经|记者)$")
_BY = re.compile(r"(?:被|由|遭|向|据|从)$")
_TOWARDS = re.compile(r"(?:[对向给与为将把致让令]|针对|导致)[^，。；]{0,4}$")
_SPEAKS = re.compile(r"^[^，。；]{0,16}?(?:介绍|表示|提醒|建议|说|指出|称|认为|解释|获悉|了解到|透露|告诉)")
_PASSIVE = re.compile(r"(?:被|遭|遭到|受到|受|获|接受|因|涉嫌|给予)[^，。；]{0,3}$")
_SUFFERED = frozenset("停职 被停职 免职 被免 被免职 致歉 道歉 获刑 双开 处分 接受调查 被调查 落马 被查 败诉 担责 被判赔 退费 退款 被问责 被处理 被约谈 被通报 严重警告 党内严重警告 党内警告 政务警告 记过 记大过 诫勉 革职".split())
_OF_PATIENTS = frozenset("隐瞒 瞒报 谎称 擅自 拒不 编造 欺骗 立案侦查 刑拘 逮捕 判刑 获刑 被捕".split())   # what is also said of patients
_COLONS = (":", "：")
_ACTS_REACH = 10
_HARD = frozenset(("strong", "gap", "reproach", "sanction"))
_VIOLENCE = "T03"


class Blame(NamedTuple):
    accusation: float          # all that is said against anybody
    total: float               # … against health bodies
    by_body: list[tuple[Body, float]]
    nobody: float              # weight of accusations that no health body answers for


def attribute(text: str, sentence: Sentence, items: Sequence[Item], found: Sequence[Body], roles: Roles, doc: Document,
              last: Body | None, went_before: bool, seen: Sequence[Body] = ()) -> Blame:
    """`seen`: the named bodies of the text; `last`: the body blamed before, whom 院方 or an unnamed subject means; `went_before`: the sentence before blamed somebody."""
    acts, others, patients, blamable = [], [], [], False
    if found:
        kinds = {b.kind for b in found}
        blamable = not kinds <= {AUTHORITY}
        if AUTHORITY in kinds:
            acts = [(start, end) for start, end, *_ in roles.get("acts", ()) if not _PASSIVE.search(text, max(sentence.start, start - 3), start)]
        if any(i.kind in ("reproach", "sanction") for i in items):
            others, patients = ([start for start, *_ in roles.get(role, ()) if not _TOWARDS.search(text, max(sentence.start, start - 6), start)]
                                for role in ("other_culprits", "patients"))
    violent = any(i.topic == _VIOLENCE for i in items)
    enforcing = "reverse" not in roles and (bool(acts) or "flip" in roles and any(group == "F1" for *_, group in roles["flip"]))
    by_body: list[tuple[Body, float]] = []
    accusation = total = nobody = 0.0
    for item in items:
        answer = None
        if found and not (violent and item.kind in ("sanction", "warning")):
            culprits = others + patients if item_text(text, item) in _OF_PATIENTS else others
            answer = _answers(text, sentence, item, found, acts, culprits, doc)
        if enforcing and item.kind in ("sanction", "strong") and (answer is None or not answer[0].named):     # 取缔黑诊所, 发现非法行医可举报
            share = 0.0
        elif answer is None:
            share = 0.0 if blamable or violent or not doc.care else _unnamed(sentence, item, "other_culprits" in roles, doc, went_before)
            if share and last is not None:
                by_body.append((last, item.weight * share * 0.5))
        else:
            body, share = answer
            named = body if body.named else _meant(body, found, seen) or last
            if named is not None:
                by_body.append((named, item.weight * share * (1.0 if body.named else 0.6)))
        accusation += item.weight
        total += item.weight * share
        nobody += item.weight * (1.0 - share) if item.kind not in ("weak", "dispute", "complaint") else 0.0
    return Blame(accusation, total, by_body, nobody)


def _meant(body: Body, found: Sequence[Body], seen: Sequence[Body]) -> Body | None:
    """The named body a generic one stands for: 急救中心 after 云川市急救中心, else the one named before it in the sentence."""
    if len(body.name) > 2:
        for other in seen:
            if other.name.endswith(body.name):
                return other
    return next((b for b in reversed(found) if b.named and b.kind != AUTHORITY and b.start < body.start), None)


def _unnamed(sentence: Sentence, item: Item, culprits: bool, doc: Document, went_before: bool) -> float:
    """How far the health system answers for an accusation in a sentence that names no body."""
    if item.kind == "harm" or (sentence.is_title and doc.incident):
        return 0.7
    if culprits or doc.elsewhere or item.kind == "warning":
        return 0.0
    if item.kind == "strong":
        return 0.6
    if item.kind in ("reproach", "sanction"):
        return 0.4 if went_before or (doc.health >= 0.3 and doc.dispute >= 0.2) else 0.0
    return 0.4 if went_before else 0.0


def _answers(text: str, sentence: Sentence, item: Item, found: Sequence[Body], acts: Sequence[tuple[int, int]], others: Sequence[int],
             doc: Document) -> tuple[Body, float] | None:
    before: tuple[Body, float] | None = None
    for body in found:
        share = _share(text, sentence, body, item, acts, doc)
        if share <= 0:
            continue
        if body.start < item.end:
            if before is None or share >= before[1] * 0.5:
                before = (body, share)
        elif before is None:
            before = (body, share * 0.9)
            break
        else:
            break
    if before is not None and item.kind in ("reproach", "sanction") and any(before[0].end <= o < item.start for o in others):
        return before[0], before[1] * 0.3
    if before is not None and before[0].start > item.start and item.kind in ("reproach", "sanction") and any(o < item.start for o in others):
        return None
    return before


def _share(text: str, sentence: Sentence, body: Body, item: Item, acts: Sequence[tuple[int, int]], doc: Document) -> float:
    """How far `body` can be blamed for `item`, 0..1."""
    hard = item.kind in _HARD
    left = text[max(sentence.start, body.start - 4):body.start]
    if body.kind == GENERIC:
        return 0.2 if _GOING.search(left) else 0.3 if doc.elsewhere else 0.8
    if body.kind == COMPANY:
        return 0.9 if hard else 0.2
    if body.kind == PROVIDER:
        if _GOING.search(left) or doc.elsewhere and body.start > sentence.start and not sentence.is_title:
            return 0.4 if hard else 0.5 * doc.dispute
        if body.end <= item.start and _SPEAKS.match(text[body.end:min(item.start, body.end + 24)]):
            return 0.3 + 0.5 * doc.dispute if hard else 0.7 * doc.dispute
        return 1.0
    if body.kind == AUTHORITY and body.end <= item.start and text[body.end:body.end + 1] in _COLONS:     # 国家卫健委：不应限制外出
        return 0.0
    if body.kind != AUTHORITY or _GOING.search(left) or not (hard or item.kind == "complaint"):
        return 0.0
    if item.kind == "sanction":
        suffered = item_text(text, item) in _SUFFERED or bool(_PASSIVE.search(text, max(sentence.start, item.start - 5), item.start))
        if body.start < item.start and (not suffered or _BY.search(left)):
            return 0.0
    elif _BY.search(left):
        return 0.0
    if body.end <= item.start and _SPEAKS.match(text[body.end:min(item.start, body.end + 24)]):
        return 0.0
    if text[body.end:body.end + 1] in ("对", "将"):          # 市卫健委对瞒报的医院予以处罚
        if any(a >= item.end for a, _ in acts):
            return 0.0
    elif any(body.end <= a <= body.end + _ACTS_REACH and b <= item.start for a, b in acts):
        return 0.0
    return 0.9 if item.kind in ("reproach", "sanction") else 0.6


def item_text(text: str, item: Item) -> str:
    return text[item.start:item.end]
