"""A page as one flat text with its elements as spans of it, made in one walk over one parse.

Every field is then read by offsets: where a title stands before a body, how much of a span is
links, which class holds a date.  Blocks are the lines a reader sees; `\\n` parts them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from model.errors import Drop
from model.markup import monstrous
from model.page import PageStatus

MAX_NODES = 400_000
MAX_SCRIPT = 2_000_000
MAX_TEXT = 1_000_000           # visible characters; no article comes near

_BLOCK = frozenset(
    "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 "
    "h2 h3 "
    "h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul img video audio "
    "founder-title founder-content".split())
_SKIP = frozenset("script style noscript template textarea select option iframe svg object embed canvas math map datalist head".split())
_SPACE = re.compile(r"[ \t\r\n\f\xa0\u200b\u200c\u200d\ufeff\u2028\u2029\u00ad\u2002-\u200a]+")
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none", re.I)


class El:
    """An element: `start` and `end` are offsets into the document's text, `key` its class and id in lower case."""

    __slots__ = ("i", "tag", "key", "start", "end", "parent", "depth", "hidden", "attrs", "last")

    def __init__(self, i: int, tag: str, key: str, start: int, parent: "El | None", depth: int, hidden: bool, attrs: dict[str, str]):
        self.i, self.tag, self.key, self.start, self.end = i, tag, key, start, start
        self.parent, self.depth, self.hidden, self.attrs = parent, depth, hidden, attrs
        self.last = i          # index of the last descendant

    def above(self) -> Iterator["El"]:
        """The element itself, then its ancestors outwards."""
        el: El | None = self
        while el is not None:
            yield el
            el = el.parent


class Block:
    """A visible line: offsets, the block element that holds it, and how many of its characters are links."""

    __slots__ = ("start", "end", "owner", "link", "text", "gain")

    def __init__(self, start: int, end: int, owner: El, text: str):
        self.start, self.end, self.owner, self.text, self.link = start, end, owner, text, 0
        self.gain: float | None = None       # what the line is worth, once weighed


class Document:
    """`text`, `els` (document order), `blocks`, `metas` (lower-case name → contents), `title`, `scripts`, `ld` (JSON-LD texts),
    `frames` (offset, attributes of an iframe or embed)."""

    def __init__(self, markup: str):
        reason = monstrous(markup)
        if reason:
            raise Drop(reason, PageStatus.REFUSED)
        self.markup = markup
        self.tree = LexborHTMLParser(markup)
        self.metas: dict[str, list[str]] = {}
        self.links: list[dict[str, str]] = []
        self.title = ""
        self.base = ""
        self.scripts: list[str] = []
        self.ld: list[str] = []
        self.frames: list[tuple[int, dict[str, str]]] = []
        self.els: list[El] = []
        self.blocks: list[Block] = []
        self._walk()

    # -- the walk -------------------------------------------------------------------------------------------------

    def _walk(self) -> None:
        pieces: list[str] = []
        owners: list[tuple[int, El]] = []
        spans: list[tuple[int, int]] = []
        length, nodes = 0, 0
        fresh = True             # at the beginning of a line
        root = self.tree.root
        if root is None:
            self.text = ""
            return
        node: LexborNode | None = root
        el: El | None = None
        in_link = in_pre = 0
        while node is not None:
            nodes += 1
            if nodes > MAX_NODES or length > 2 * MAX_TEXT:
                raise Drop("页面节点或文字过多", PageStatus.REFUSED)
            tag = node.tag
            down = None
            if tag == "-text":
                raw = node.text_content or ""
                if in_pre and "\n" in raw and el is not None:
                    *lines, raw = raw.split("\n")
                    for line in lines:
                        line = _SPACE.sub(" ", line).strip(" ")
                        if line:
                            if fresh:
                                owners.append((length, el))
                            pieces.append(line)
                            length += len(line)
                            fresh = False
                        if not fresh:
                            pieces.append("\n")
                            length += 1
                            fresh = True
                if raw.isspace() and "\u3000" not in raw:
                    piece = "" if fresh else " "
                else:
                    piece = _SPACE.sub(" ", raw)
                    if fresh:
                        piece = piece.lstrip(" ")
                if piece and el is not None:
                    if fresh:
                        owners.append((length, el))
                    pieces.append(piece)
                    if in_link and piece != " ":
                        spans.append((length, length + len(piece)))
                    length += len(piece)
                    fresh = False
            elif tag is not None and tag[0] != "-":
                if tag in _SKIP:
                    if tag in ("iframe", "embed", "object"):
                        self.frames.append((length, {k: v for k, v in node.attributes.items() if v}))
                    else:
                        self._aside(node, tag)
                else:
                    attrs = node.attributes
                    if tag in ("meta", "link", "title", "base"):
                        self._aside(node, tag)
                    elif tag == "br":
                        if not fresh:
                            pieces.append("\n")
                            length += 1
                            fresh = True
                    else:
                        if tag in _BLOCK and not fresh:
                            pieces.append("\n")
                            length += 1
                            fresh = True
                        key = f"{attrs.get('class') or ''} {attrs.get('id') or ''}".strip().lower() if attrs else ""
                        hidden = (el.hidden if el is not None else False) or bool(
                            attrs and ("hidden" in attrs or (attrs.get("style") and _HIDDEN.search(attrs["style"]))))
                        new = El(len(self.els), tag, key, length, el, el.depth + 1 if el is not None else 0, hidden, attrs)
                        self.els.append(new)
                        down = node.child
                        if down is not None:
                            el = new
                            if tag == "a":
                                in_link += 1
                            elif tag == "pre":
                                in_pre += 1
                        else:
                            new.end = length
            if down is not None:
                node = down
                continue
            while node is not None:
                following = node.next
                if following is not None:
                    node = following
                    break
                node = node.parent
                if node is None or el is None:
                    node = None
                    break
                el.end = length
                el.last = len(self.els) - 1
                if el.tag == "a":
                    in_link -= 1
                elif el.tag == "pre":
                    in_pre -= 1
                if el.tag in _BLOCK and not fresh:
                    pieces.append("\n")
                    length += 1
                    fresh = True
                el = el.parent
                if el is None:
                    node = None
        if length > MAX_TEXT:
            raise Drop(f"页面文字过长：{length} 字", PageStatus.REFUSED)
        self.text = "".join(pieces)
        self._cut(owners, spans)

    def _aside(self, node: LexborNode, tag: str) -> None:
        """What is not text: head, metas, scripts."""
        if tag == "head":
            inner = node.child
            while inner is not None:
                if inner.tag and inner.tag[0] != "-":
                    self._aside(inner, inner.tag)
                inner = inner.next
            return
        if tag == "meta":
            attrs = node.attributes
            name = attrs.get("name") or attrs.get("property") or attrs.get("itemprop") or attrs.get("http-equiv")
            content = attrs.get("content")
            if name and content:
                self.metas.setdefault(name.strip().lower(), []).append(_SPACE.sub(" ", content).strip()[:2000])
        elif tag == "title" and not self.title:
            self.title = _SPACE.sub(" ", node.text() or "").strip()[:1000]
        elif tag == "link":
            if len(self.links) < 500:
                self.links.append({k: v for k, v in node.attributes.items() if v})
        elif tag == "base" and not self.base:
            self.base = node.attributes.get("href") or ""
        elif tag == "script":
            kind = (node.attributes.get("type") or "").lower()
            held = node.child
            content = (held.text_content or "") if held is not None else ""
            if "ld+json" in kind:
                self.ld.append(content[:MAX_SCRIPT])
            elif content.strip():
                self.scripts.append(content[:MAX_SCRIPT])

    def _cut(self, owners: list[tuple[int, El]], spans: list[tuple[int, int]]) -> None:
        k, text = 0, self.text
        for start, el in owners:
            end = text.find("\n", start)
            end = len(text) if end < 0 else end
            line = text[start:end].rstrip(" ")
            if not line.strip("\u3000 "):
                continue
            owner = el
            while owner.tag not in _BLOCK and owner.parent is not None:
                owner = owner.parent
            block = Block(start, end, owner, line)
            while k < len(spans) and spans[k][1] <= start:
                k += 1
            j = k
            while j < len(spans) and spans[j][0] < end:
                block.link += spans[j][1] - spans[j][0]
                j += 1
            self.blocks.append(block)
        self._starts = [b.start for b in self.blocks]
        self._opens = [e.start for e in self.els]

    # -- reading --------------------------------------------------------------------------------------------------

    def within(self, start: int, end: int) -> list[Block]:
        """The blocks that begin in [start, end)."""
        return self.blocks[bisect_left(self._starts, start):bisect_left(self._starts, end)]

    def parted(self, start: int, end: int) -> str:
        """The text with U+001F wherever an element begins or ends inside a line: `<i>来源：报</i><i>作者：张三</i>` stays two."""
        cuts = set()
        for el in self.els[bisect_left(self._opens, start):bisect_left(self._opens, end)]:
            cuts.add(el.start)
            if el.end <= end:
                cuts.add(el.end)
        if not cuts:
            return self.text[start:end]
        out, at = [], start
        for cut in sorted(cuts):
            if at < cut < end:
                out.append(self.text[at:cut])
                at = cut
        out.append(self.text[at:end])
        return "\x1f".join(p for p in out if p)

    def span(self, el: El) -> str:
        return self.text[el.start:el.end]

    def meta(self, *names: str) -> str:
        """The first non-empty content of the metas so named, in the order asked."""
        for name in names:
            for content in self.metas.get(name, ()):
                if content:
                    return content
        return ""
