"""Figures of a whole text that each of its sentences is read against: how much it is about health, about a dispute, about numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.sentences import Sentence

CASES = re.compile(r"\d\s*例")
_TURNED = ("reverse", "reproaches", "sanctions")   # what makes even 零投诉 no calm title
_NOT_CALM = ("reverse", "reproaches", "sanctions", "disputes")
_SHORT_CARE = 0.12             # a short text that names a health body is about health
_HEALTH_LETTERS = "医病疫诊药疗癌患"


Find = tuple[int, int, str, str]                  # a term in a folded text: start, end, the term as folded, its topic (group of flips,
                                                  # number of the gapped pattern, or "")
Roles = Mapping[str, Sequence[Find]]              # role → its finds in one sentence, in order
READ = frozenset(          # roles whose places are read in a sentence; the others are only counted as signs of the whole text
    "strong weak watch masked frame flip reverse gap calming patients harms deaths concerns disputes reproaches complaints sanctions acts stats risks "
    "other_culprits negators denials advice elsewhere calm remedies praises".split())


@dataclass(frozen=True, slots=True)
class Document:
    health: float              # 0..1
    dispute: float             # 0..1: is somebody's responsibility argued about
    bulletin: bool             # a report of case numbers
    care: bool                 # health bodies or staff occur at all
    deaths: bool
    incident: bool             # the title itself tells of a patient come to harm
    calm: bool                 # the title tells of work, advice, good news
    elsewhere: bool            # what is argued about lies outside the health system
    denied: bool               # the title says that it is not true, or that it is put right


def counting(text: str, sentences: Sequence[Sentence], roles: Sequence[Roles]) -> list[int]:
    """Signs of case counting in each sentence."""
    return [len(r.get("stats", ())) + (len(CASES.findall(text, s.start, s.end)) if "例" in s.text else 0) for r, s in zip(roles, sentences)]


def measure(text: str, sentences: Sequence[Sentence], roles: Sequence[Roles], counts: Sequence[int],
            words: int, title: int, care: bool, named: bool) -> Document:
    """`words`, `title`: health words in all and in the title; `care`: health bodies or staff occur; `named`: one of them by its name."""
    letters = sum(text.count(letter) for letter in _HEALTH_LETTERS)
    titles = [r for r, s in zip(roles, sentences) if s.is_title]
    health = min(1.0, (8.0 * words + 5.0 * letters) / max(150, len(text)) + min(title, 3) * 0.12 + (_SHORT_CARE if named and len(text) < 200 else 0.0))
    counted = sum(counts)
    held = set().union(*roles)
    disputes, concerns = ({term for r in roles if role in r for _, _, term, _ in r[role]} if role in held else () for role in ("disputes", "concerns"))
    return Document(
        health=health, dispute=min(1.0, 0.22 * len(disputes) + 0.06 * len(concerns)), bulletin=counted >= 4 and counted / max(2, len(roles)) >= 1.5,
        care=care, deaths="deaths" in held and "patients" in held and any("deaths" in r and "patients" in r for r in roles),
        incident=any(r.get("harms") and r.get("patients") and not r.get("stats") for r in titles),
        calm=any(r.get("calm") for r in titles) and not any(_loud(r) for r in titles)
        or any(r.get("advice") for r in titles) and not any(r.get("reverse") or r.get("harms") and r.get("patients") for r in titles),
        elsewhere=any(r.get("elsewhere") or r.get("other_culprits") and r.get("risks") for r in titles) or "elsewhere" in held and sum(len(r.get("elsewhere", ())) for r in roles) >= 5,
        denied=any(r.get("denials") or r.get("remedies") for r in titles) and not any(r.get("reverse") or _held(r, "F1") for r in titles))


def _loud(roles: Roles) -> bool:
    """Does a title accuse: a strong word outside any neutral context, a reproach, a sanction, a dispute?"""
    if "strong" in roles and "flip" not in roles and "masked" not in roles:
        return True
    return any(bad in roles for bad in (_TURNED if _held(roles, "F3") else _NOT_CALM))


def _held(roles: Roles, group: str) -> bool:
    """Is a neutral context of this group (F1 campaigns, F3 negations) in the sentence?"""
    return any(held == group for *_, held in roles.get("flip", ()))
