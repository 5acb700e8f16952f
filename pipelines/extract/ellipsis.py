"""A title cut short by `…` gives way to what begins with it and goes on: another candidate, 原标题, a heading in data or text."""

from __future__ import annotations

import json
import re

from pipelines.extract.body import Body
from pipelines.extract.candidates import Candidate
from pipelines.extract.document import Document
from pipelines.extract.headline import fold, tidy

_CUT = re.compile(r"(.{6,}?)(?:…{1,2}|\.{3,6})")
_ENDING = re.compile(r"(?:…{1,2}|\.{3,6})$")


def completed(found: list[Candidate], doc: Document, body: Body, most: int) -> list[Candidate]:
    """The candidates, led by a fuller form of the first where there is one of at most `most` characters."""
    cut = _CUT.fullmatch(str(found[0].value)) if found else None
    if not cut:
        return found
    key = fold(cut.group(1))
    offered = [(str(c.value), c.origin) for c in found[1:]] + [(text, "longer") for text in _longer(doc, body, cut.group(1))]
    fuller = [
        (text, origin)
        for text, origin in offered
        if len(text) <= most and fold(text).startswith(key) and len(_ENDING.sub("", fold(text))) > len(key) + 1
    ]
    fuller.sort(key=lambda held: bool(_CUT.fullmatch(held[0])))          # one that is itself cut only where no other is offered
    if not fuller:
        return found
    return [Candidate(fuller[0][0], fuller[0][1], found[0].score, "补全了省略的标题", found[0].at), *found]


def _longer(doc: Document, body: Body, start: str) -> list[str]:
    """Texts that go on from a cut heading: `《……》` in the description and the first lines, a line of its own, a string in a script."""
    first = "\n".join(b.text for b in body.blocks[:3])
    out = []
    for text, ends in ((doc.meta("description", "og:description"), "》"), (first, "》\n")):
        at = text.find(start)
        if at >= 0 and (at == 0 or text[at - 1] in "《\n \u3000"):
            end = min((k for k in (text.find(mark, at) for mark in ends) if k >= 0), default=-1)
            if end > at and "。" not in text[at:end]:
                out.append(tidy(text[at:end]))
    for script in doc.scripts[:40]:
        at = script.find(f'"{start}', 0, 400_000)
        held = re.match(r'"(?:[^"\\\n]|\\.){6,200}"', script[at:at + 400]) if at >= 0 else None
        if held:
            try:
                out.append(tidy(str(json.loads(held.group(), strict=False))))
            except ValueError:
                continue
    return out
