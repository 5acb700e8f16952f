"""The body: the box whose lines gain most, less what its links and tails cost.

Every line is worth its sentence-like text and costs its link text; a box is worth the sum of its
lines.  The best box is the tightest with the greatest sum, because whatever is added to it that is
not article costs more than it brings.  Where no box convinces, trafilatura is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import trafilatura

from pipelines.extract import noise
from pipelines.extract.document import Block, Document, El

SURE = 120.0              # worth of a box from which its choice stands without asking trafilatura
MAX_FALLBACK = 1_500_000  # characters of markup that trafilatura is given at most
_PUNCT = re.compile("[，。！？；：、,!?;“”…]")
_STOP = re.compile("[。！？!?…；;]")
# a line of particulars: a full date with 来源, 发布时间 and the like
_HEAD = re.compile(r"(?:19|20)\d\d\s?[-年/.]\s?\d{1,2}\s?[-月/.]\s?\d{1,2}.*(?:来源|來源|作者|浏览|点击|阅读|字号|编辑)|"
                   r"(?:来源|來源|发布时间|发布日期|稿源|作者)\s?[:：].*(?:19|20)\d\d\s?[-年/.]\s?\d")
_SPACE = re.compile(r"[\s\u3000]+")


@dataclass(frozen=True)
class Body:
    """`box` holds the article (None: none found); `blocks` its lines; `score` 0..1 how sure; `start`, `end` offsets of the lines."""

    box: El | None
    blocks: tuple[Block, ...]
    score: float
    origin: str
    start: int
    end: int


NOTHING = Body(None, (), 0.0, "none", 0, 0)


def worth(block: Block) -> float:
    """Gain (positive) or cost (negative) of a line, about in characters; weighed once."""
    if block.gain is None:
        block.gain = _weigh(block)
    return block.gain


def _weigh(block: Block) -> float:
    text = block.text
    size = len(_SPACE.sub("", text))
    if not size:
        return 0.0
    plain = max(0, size - block.link)
    punct = len(_PUNCT.findall(text))
    if size < 300 and noise.FOOT.search(text):
        return -30.0
    if block.link * 2 > size and not (size > 60 and punct >= 3 and block.link < size * 0.9):
        return -min(size, 40) * 0.8 - 4
    if size < 90 and _HEAD.search(text) and not _STOP.search(text):
        return 0.0
    if size < 90 and (noise.STOP.match(text) or noise.LINE.match(text)):
        return -12.0
    if punct == 0:
        if size > 60:
            return plain * 0.3
        return -1.0 if block.owner.tag in ("li", "option", "dt") else (1.0 if size >= 5 and block.owner.tag in ("p", "section") else 0.0)
    value = min(plain, 600) * (1.0 if _STOP.search(text) else 0.5) + 4.0 * min(punct, 30)
    if size < 25:
        value *= 0.4
    if block.owner.tag in ("li", "dt", "dd", "option", "label", "button"):
        value *= 0.6
    return value


def find(doc: Document) -> Body:
    """The best box of the page; `NOTHING` when no line reads like a sentence."""
    if not doc.els or not doc.blocks:
        return NOTHING
    best, score = _best(doc, mind_boxes=True)
    if score < SURE:
        other, second = _best(doc, mind_boxes=False)
        if second > max(2.5 * score, 60.0):
            best, score = other, second
    body = _of(doc, best, min(1.0, score / 300), "density") if best is not None else NOTHING
    body, score = _apart(doc, body, score)
    return body if score >= SURE else _fallback(doc, body, score)


def _apart(doc: Document, body: Body, score: float) -> tuple[Body, float]:
    """The paragraphs of one cell that also holds tables of links: taken for themselves when they are worth twice the best box."""
    gain: dict[int, float] = {}
    held: dict[int, list[Block]] = {}
    size = max(1, len(doc.text))
    noisy: dict[int, bool] = {}
    for block in doc.blocks:
        if worth(block) < 25 or block.owner.hidden:
            continue
        path = list(block.owner.above())
        cell = next((el for el in path if el.tag in ("td", "div", "article", "section", "body")), None)
        if cell is not None and not any(_noisy(el, size, noisy) for el in path):
            gain[cell.i] = gain.get(cell.i, 0.0) + worth(block)
            held.setdefault(cell.i, []).append(block)
    top = max(gain, key=lambda i: gain[i], default=-1)
    if top < 0 or gain[top] < max(2.0 * score, 2 * SURE) or len(held[top]) < 3:
        return body, score
    first, last = held[top][0], held[top][-1]
    cell = doc.els[top]
    blocks = tuple(
        b
        for b in doc.within(first.start, max(last.end, first.start + 1))
        if next((el for el in b.owner.above() if el.tag in ("td", "div", "article", "section", "body")), None) is cell and worth(b) > -3
    )
    return Body(cell, blocks, min(1.0, gain[top] / 300), "density", blocks[0].start, blocks[-1].end), gain[top]


def of_box(doc: Document, box: El, origin: str) -> Body:
    """All lines of a box known beforehand (`#js_content`)."""
    return _of(doc, box, 1.0, origin)


def _of(doc: Document, box: El, score: float, origin: str) -> Body:
    blocks = tuple(b for b in doc.within(box.start, max(box.end, box.start + 1)) if box.i <= b.owner.i <= box.last)
    if not blocks:
        return replace(NOTHING, box=box, start=box.start, end=box.end)
    return Body(box, blocks, score, origin, blocks[0].start, blocks[-1].end)


def _best(doc: Document, mind_boxes: bool) -> tuple[El | None, float]:
    els = doc.els
    total = [0.0] * len(els)
    size = max(1, len(doc.text))
    noisy: dict[int, bool] = {}
    for block in doc.blocks:
        value = worth(block)
        if not value:
            continue
        path = list(block.owner.above())
        if value > 0:
            if block.owner.hidden and not any("js_content" in el.key for el in path):
                value *= 0.1
            if mind_boxes and any(_noisy(el, size, noisy) for el in path):
                value = -0.4 * value
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
        inside = best is not None and best.i <= el.i <= best.last
        if score > best_score + 0.5 or inside and score >= best_score - 0.5:
            best, best_score = el, max(score, best_score)
    return best, best_score


def _noisy(el: El, size: int, held: dict[int, bool]) -> bool:
    """A box named for comments, related links and the like; one that holds half the page is a wrapper whatever its name."""
    known = held.get(el.i)
    if known is None:
        known = el.tag in ("footer", "nav", "aside") or bool(
            el.key and el.tag not in ("body", "html") and noise.BOX.search(el.key) and not noise.BODY_BOX.search(el.key)
        )
        known = known and (el.end - el.start) * 2 < size
        held[el.i] = known
    return known


def _fallback(doc: Document, body: Body, score: float) -> Body:
    """trafilatura's text mapped back onto the lines of the page; taken when it gains clearly more."""
    if len(doc.markup) > MAX_FALLBACK:
        return body
    try:
        text = trafilatura.extract(doc.markup, include_comments=False, include_tables=True, favor_recall=True, deduplicate=False) or ""
    except Exception:                                   # a library over hostile text: its failure must not be ours
        return body
    wanted = {_SPACE.sub("", line) for line in text.split("\n")} - {""}
    blocks = tuple(b for b in doc.blocks if _SPACE.sub("", b.text) in wanted and not b.owner.hidden)
    gain = sum(worth(b) for b in blocks)
    if not blocks or gain < max(1.3 * score, 30.0):
        return body
    box = blocks[0].owner
    while box.parent is not None and not all(box.i <= b.owner.i <= box.last for b in blocks):
        box = box.parent
    return Body(box, blocks, min(1.0, gain / 300), "trafilatura", blocks[0].start, blocks[-1].end)
