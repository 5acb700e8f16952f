"""The body: the box whose lines gain most, less what its links and tails cost.

Every line is worth its sentence-like text and costs its link text; a box is worth the sum of its
lines.  The best box is the tightest with the greatest sum, because whatever is added to it that is
not article costs more than it brings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.extract import noise
from pipelines.extract.document import Block, Document, El

_PUNCT = re.compile("[，。！？；：、,!?;“”…]")
_STOP = re.compile("[。！？!?…；;]")
_SPACE = re.compile(r"[\s\u3000]+")
_DATELIKE = re.compile(r"(?:20\d\d|19[89]\d)\s?[-年/.]\s?\d{1,2}\s?[-月/.]\s?\d{1,2}|\d{1,2}:\d{2}")


@dataclass(frozen=True)
class Body:
    """`box` holds the article; `blocks` are its lines in order; `score` 0..1 how sure; `origin` what found it."""

    box: El | None
    blocks: tuple[Block, ...]
    text: str
    score: float
    origin: str
    start: int
    end: int


def worth(block: Block) -> float:
    """Gain (positive) or cost (negative) of a line, about in characters."""
    text = block.text
    size = len(_SPACE.sub("", text))
    if not size:
        return 0.0
    plain = max(0, size - block.link)
    punct = len(_PUNCT.findall(text))
    if noise.FOOT.search(text) and size < 300:
        return -30.0
    if block.link * 2 > size and not (size > 60 and punct >= 3 and block.link < size * 0.9):
        return -min(size, 40) * 0.8 - 4
    if size < 90 and (noise.STOP.match(text) or noise.LINE.match(text)):
        return -12.0
    if punct == 0:
        if size > 60:
            return plain * 0.3
        return -1.0 if block.owner.tag in ("li", "option", "dt") else (1.0 if size >= 8 and block.owner.tag in ("p", "section") else 0.0)
    value = min(plain, 600) * (1.0 if _STOP.search(text) else 0.5) + 4.0 * min(punct, 30)
    if size < 25:
        value *= 0.4
    if block.owner.tag in ("li", "dt", "dd", "option", "label", "button"):
        value *= 0.6
    return value


def find(doc: Document) -> Body:
    """The best box of the page; an empty `Body` when no line reads like a sentence."""
    els = doc.els
    if not els or not doc.blocks:
        return Body(None, (), "", 0.0, "none", 0, 0)
    total = [0.0] * len(els)
    for block in doc.blocks:
        value = worth(block)
        if not value:
            continue
        path = list(block.owner.above())
        if value > 0:
            if block.owner.hidden and not any("js_content" in el.key for el in path):
                value *= 0.1
            for el in path:
                if el.key and el.tag not in ("body", "html") and noise.BOX.search(el.key) and not noise.BODY_BOX.search(el.key):
                    value = -0.4 * value
                    break
                if el.tag in ("footer", "nav", "aside"):
                    value = -0.4 * value
                    break
        for el in path:
            total[el.i] += value
    best, best_score = None, 0.0
    for el in els:
        score = total[el.i]
        if score <= 0:
            continue
        if el.key and noise.BODY_BOX.search(el.key):
            score *= 1.06
        if el.tag == "article" or el.attrs.get("itemprop") == "articleBody":
            score *= 1.08
        if score > best_score + 0.5 or (best is not None and score >= best_score - 0.5 and el.parent is not None and _inside(el, best)):
            best, best_score = el, max(score, best_score)
    if best is None:
        return Body(None, (), "", 0.0, "none", 0, 0)
    blocks = [b for b in doc.within(best.start, best.end) if _inside(b.owner, best) or b.owner is best]
    return Body(best, tuple(blocks), "", min(1.0, best_score / 300), "density", best.start, best.end)


def _inside(el: El, box: El) -> bool:
    return box.i <= el.i <= box.last


def lines(body: Body) -> list[str]:
    """The body's lines, edge space off."""
    return [t for t in (b.text.strip(" \u3000\t") for b in body.blocks) if t]


def trim(doc: Document, body: Body, title: str) -> Body:
    """The body without what stands in its box and is no article: boxes of noise, head lines, tails."""
    box = body.box
    if box is None:
        return body
    kept: list[Block] = []
    for block in body.blocks:
        if block.owner.hidden and not box.hidden:
            continue
        if _noisy_box(block.owner, box):
            continue
        kept.append(block)
    folded = _SPACE.sub("", title)
    first = 0
    for k, block in enumerate(kept[:25]):
        flat = _SPACE.sub("", block.text)
        if flat == folded or (len(flat) > 8 and flat.startswith(folded) and len(flat) < len(folded) + 8):
            first = k + 1
        elif len(flat) < 90 and _DATELIKE.search(flat) and re.search(r"来源|來源|时间|发布|作者|浏览|点击|字号|^\D{0,20}(?:20|19)\d\d\D{1,3}\d{1,2}\D{1,3}\d{1,2}\D{0,3}(?:\d{1,2}:\d\d(?::\d\d)?)?\D{0,20}$", flat) \
                and not re.search("[。！？]", flat):
            first = k + 1
    kept = kept[first:]
    last = len(kept)
    gained = 0.0
    total = sum(max(0.0, worth(b)) for b in kept)
    for k, block in enumerate(kept):
        if noise.STOP.match(block.text) and len(block.text) < 60 and gained > 0.5 * total:
            last = k
            break
        gained += max(0.0, worth(block))
    kept = [b for b in kept[:last] if not (len(b.text) < 120 and noise.LINE.match(b.text)) and not (b.link * 10 > len(b.text) * 9 and not _STOP.search(b.text) and len(b.text) > 1)]
    while kept and (noise.FOOT.search(kept[-1].text) and len(kept[-1].text) < 300 or _pages(kept[-1])):
        kept.pop()
    if not kept:
        return Body(box, (), "", 0.0, body.origin, body.start, body.end)
    return Body(box, tuple(kept), "", body.score, body.origin, kept[0].start, kept[-1].end)


def clean(body: Body, held: list[str]) -> list[str]:
    """The lines of the text: signature lines at both edges are taken off, the people are kept elsewhere."""
    from pipelines.extract import bylines
    out = list(held)
    while out and (bylines.is_byline(out[0]) or bylines.original_title(out[:1])) and len(out) > 1:
        out.pop(0)
    while out and (bylines.is_byline(out[-1]) or bylines.original_title(out[-1:]) or re.fullmatch(r"[（(][^（()）]{2,16}[）)]", out[-1])) and len(out) > 1:
        out.pop()
    return out


def _noisy_box(el: El, box: El) -> bool:
    for a in el.above():
        if a is box or a.i <= box.i:
            return False
        if a.tag in ("footer", "nav", "button", "form"):
            return True
        if a.key and noise.BOX.search(a.key) and not noise.BODY_BOX.search(a.key):
            return True
    return False


def _pages(block: Block) -> bool:
    return bool(re.fullmatch(r"(?:[\[［【]?\s?(?:\d{1,3}|上一页|下一页|首页|尾页|末页|全文|共\d{1,3}页)\s?[\]］】]?[\s|·]{0,4}){1,40}", block.text))
