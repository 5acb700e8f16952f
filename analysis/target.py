"""The body that an article blames: of those it names, the one that most is said against, that is named most and first.

Five figures, added up (`weights.py`); on articles kept apart they name the body right more often than rules about titles and deeds do.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from analysis import weights as W
from analysis.bodies import AUTHORITY, Body
from analysis.reading import Reading

MAX_NAME = 25                  # characters of a name
MAX_NAMES = 40                 # names compared
_SORTS = ("中医", "妇", "口腔", "儿童", "卫生院", "附属")     # names that differ in one of these are different bodies
_LARGE = re.compile("(?:省|国家|全国|中国|中华|世界|北京|上海|.{0,5}自治区|.{2,3}省|.{0,4}大学)")    # of a province or the nation: where patients are sent on to

_ANY = re.compile("某|一(?:家|所|间|个|名)|(?<![第十])[一两三几多](?=民营|私立|公立|私人|男科|妇科|医美|美容|整形|口腔|乡镇|县级|市级|区级|三甲|二级|大型|知名|网红|高端|专科|医院|诊所|门诊|药店|公司|企业)")    # 平岚一男科医院: told without its name


def target(reading: Reading) -> str:
    """The blamed body as printed, in its fullest usual form; "" where none that is named stands out."""
    weight: Counter[str] = Counter()
    for s in reading.sentences:
        for name, blame in s.blamed:
            weight[name] += blame * (W.TITLE if s.sentence.is_title else 1.0)
    groups = _one_each([b for b in reading.bodies if b.named and len(b.name) <= MAX_NAME and not _ANY.search(b.name)])
    if not groups:
        return ""
    first = min(group[0].start for group in groups)
    stands = {n: _stands(group, weight, group[0].start == first) for n, group in enumerate(groups)}
    best = max(stands, key=stands.__getitem__)
    if stands[best] < W.NAMED_LEAST:
        return ""
    return max({b.name for b in groups[best]}, key=lambda name: (len(name), weight[name]))


def _stands(group: Sequence[Body], weight: Counter[str], first: bool) -> float:
    """How far the body of these namings stands out as the one that is meant."""
    names = {b.name for b in group}
    blame = min(W.BLAME_MOST, sum(weight[name] for name in names))
    authority = sum(b.kind == AUTHORITY for b in group) * 2 > len(group)
    return blame + W.NAMED_OFTEN * math.log(len(group)) + W.NAMED_FIRST * first \
        - W.AN_AUTHORITY * authority - W.A_LARGE_ONE * bool(_LARGE.match(max(names, key=len)))


def _one_each(named: Sequence[Body]) -> list[list[Body]]:
    """The namings of each body, in their order."""
    forms = [name for name, _ in Counter(b.name for b in named).most_common(MAX_NAMES)]
    group_of: dict[str, int] = {}
    heads: list[str] = []
    for form in sorted(forms, key=len, reverse=True):
        group_of[form] = next((n for n, head in enumerate(heads) if same_body(head, form)), len(heads))
        if group_of[form] == len(heads):
            heads.append(form)
    groups: list[list[Body]] = [[] for _ in heads]
    for body in named:
        if body.name in group_of:
            groups[group_of[body.name]].append(body)
    return groups


def same_body(one: str, other: str) -> bool:
    """Do two printed names mean one body: one inside the other, or its letters in order (云川一院, 云川市第一人民医院)?"""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if short not in long:
        letters = iter(long)
        if len(short) < 3 or short[-1] not in long[-4:] or not all(c in letters for c in short):
            return False
    return all((sort in long) == (sort in short) for sort in _SORTS)
