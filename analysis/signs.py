"""Signs of an article as a whole: which sorts of words and bodies stand in its title and how densely in its text.

No sign says by itself that somebody is blamed; together with the letters of the article (`letters.py`) they are weighed by
a model that `benchmarks/opinion_signs.py` trains on the project's own items.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence

from analysis.bodies import AUTHORITY, Body
from analysis.document import Document, Roles
from analysis.sentences import Sentence

ROLES = ("asks", "voices", "answers", "probes", "tellings", "denying", "money", "warm", "works", "foreign", "persons", "patients", "harms", "deaths",
         "concerns", "disputes", "reproaches", "complaints", "sanctions", "acts", "helps", "stats", "risks", "other_culprits", "negators", "denials",
         "advice", "elsewhere", "calm", "remedies", "praises", "strong", "weak", "frame", "flip", "reverse", "masked", "gap", "mourning", "bystander", "mishaps", "outsiders", "hints")
_KNOWN = frozenset(ROLES)
_IN_TITLE = {role: "题:" + role for role in (*ROLES, "warning")}
_IN_TEXT = {role: "文:" + role for role in (*ROLES, "warning")}
ACTS = re.compile("[^，。；！？\n]{0,4}?(?:[:：]|通报|曝光|公布|发布|查处|提醒|介绍|要求|部署|印发|开展|依法|查获|修订|出台|举办|召开|获悉|联合|责令|约谈|处罚|派出|明确)")   # what an office does to others
_LONG = 400                    # characters of a text that is long
_ENOUGH = 2                    # different words in a title that count


def signs(sentences: Sequence[Sentence], roles: Sequence[Roles], bodies: Iterable[Body], title_end: int, doc: Document,
          warning: Container[str], folded: str) -> dict[str, float]:
    """Name of a sign → 0..about 2: `题:…` different words of the title, `文:…` different words of the text by the root of its length.

    `warning`: topics whose strong words warn and blame nobody; they are a sort of words of their own.
    """
    title: dict[str, set[str]] = defaultdict(set)
    text: dict[str, set[str]] = defaultdict(set)
    for sentence, own in zip(sentences, roles):
        held = title if sentence.is_title else text
        masks = [(found.start, found.end) for found, _ in own["masked"]] if "masked" in own else ()
        for role in own.keys() & _KNOWN:
            finds = own[role]
            if masks and role != "masked":
                finds = [(found, topic) for found, topic in finds if not any(a <= found.start and found.end <= b for a, b in masks)]
            if role != "strong":
                words = held[role]
                for found, _ in finds:
                    words.add(found.term)
                continue
            for found, topic in finds:
                held["warning" if topic in warning else role].add(found.term)
    scale = 1.0 / (2.0 + math.sqrt(len(sentences)))
    seen = {_IN_TITLE[role]: float(min(_ENOUGH, len(words))) for role, words in title.items() if words}
    seen |= {_IN_TEXT[role]: len(words) * scale for role, words in text.items() if words}
    for body in bodies:
        name = f"{'题' if body.start < title_end else '文'}:{body.kind}{'' if body.named else '泛称'}"
        seen[name] = 1.0
        if body.kind == AUTHORITY and ACTS.match(folded, body.end):
            seen["题:主管行事" if body.start < title_end else "文:主管行事"] = 1.0
    seen |= {"健康": doc.health, "争议": doc.dispute, "通报体": float(doc.bulletin), "工作标题": float(doc.calm), "患者受害": float(doc.incident),
             "域外": float(doc.elsewhere), "已否认": float(doc.denied), "常数": 1.0, "篇幅": min(1.0, len(folded) / _LONG)}
    return {name: value for name, value in seen.items() if value}
