"""Signs of an article as a whole: which sorts of words and bodies stand in its title and how densely in its text.

No sign says by itself that somebody is blamed; together with the letters of the article (`letters.py`) they are weighed by
a model that `benchmarks/opinion_signs.py` trains on the project's own items.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from itertools import chain

from analysis.bodies import AUTHORITY, Body
from analysis.document import Document

ROLES = ("asks", "voices", "answers", "probes", "tellings", "denying", "money", "warm", "works", "foreign", "persons", "patients", "harms", "deaths",
         "concerns", "disputes", "reproaches", "complaints", "sanctions", "acts", "helps", "stats", "risks", "other_culprits", "negators", "denials",
         "advice", "elsewhere", "calm", "remedies", "praises", "strong", "weak", "frame", "flip", "reverse", "masked", "gap", "mourning", "bystander", "mishaps", "outsiders", "hints")
_KNOWN = frozenset(ROLES)
_IN_TITLE = {role: "题:" + role for role in (*ROLES, "warning")}
_IN_TEXT = {role: "文:" + role for role in (*ROLES, "warning")}
ACTS = re.compile("[^，。；！？\n]{0,4}?(?:[:：]|通报|曝光|公布|发布|查处|提醒|介绍|要求|部署|印发|开展|依法|查获|修订|出台|举办|召开|获悉|联合|责令|约谈|处罚|派出|明确)")   # what an office does to others
_LONG = 400                    # characters of a text that is long
_ENOUGH = 2                    # different words in a title that count


def sorts(entries: Sequence[tuple[str, str]], warning: Container[str]) -> tuple[str, ...]:
    """The sorts of words a term counts as, by its (role, topic): a masking phrase as nothing else; strong words of the topics of `warning`,
    which blame nobody, as a sort of their own."""
    roles = dict.fromkeys("warning" if role == "strong" and topic in warning else role for role, topic in entries if role in _KNOWN)
    return ("masked",) if "masked" in roles else tuple(roles)


def different(numbers: Iterable[int], sorts_of: Sequence[tuple[str, ...]]) -> Mapping[str, int]:
    """How many different terms of each sort there are; `sorts_of`: by the number of a term."""
    return Counter(chain.from_iterable(map(sorts_of.__getitem__, numbers)))


def signs(title: Mapping[str, int], text: Mapping[str, int], sentences: int, bodies: Collection[Body], title_end: int, doc: Document,
          folded: str) -> dict[str, float]:
    """Name of a sign → 0..about 2: `题:…` different words of the title, `文:…` different words of the text by the root of its length in `sentences`.

    `title`, `text`: as `different` counts them.
    """
    scale = 1.0 / (2.0 + math.sqrt(sentences))
    seen = {_IN_TITLE[role]: float(min(_ENOUGH, words)) for role, words in title.items()}
    seen |= {_IN_TEXT[role]: words * scale for role, words in text.items()}
    for body in bodies:
        name = f"{'题' if body.start < title_end else '文'}:{body.kind}{'' if body.named else '泛称'}"
        seen[name] = 1.0
        if body.kind == AUTHORITY and ACTS.match(folded, body.end):
            seen["题:主管行事" if body.start < title_end else "文:主管行事"] = 1.0
    seen |= {"健康": doc.health, "争议": doc.dispute, "通报体": float(doc.bulletin), "工作标题": float(doc.calm), "患者受害": float(doc.incident),
             "域外": float(doc.elsewhere), "已否认": float(doc.denied), "常数": 1.0, "篇幅": min(1.0, len(folded) / _LONG)}
    return {name: value for name, value in seen.items() if value}
