"""Who wrote, took, sent in and edited: read from the head of the article, its first and last lines, and the tail.

Shapes (domain notes, section 5): `（记者 张三 通讯员 李四 王五）`, `本报记者 张三`, `图文/张三`, `□ 张三`, `张三 摄`,
`（××县人民医院供稿）`, `作者：`, `责编：`, `一审：`.
"""

from __future__ import annotations

import re

from model.article import Person
from pipelines.extract import embedded, noise
from pipelines.extract.body import Body
from pipelines.extract.credits import MEDIA, ROLE, before, is_credit, parse, signed, unit_signed
from pipelines.extract.document import Document
from pipelines.extract.moments import WHEN
from pipelines.extract.names import HAN, names, pieces, is_name

_BRACKET = re.compile(r"[（(【\[〔]((?:[^（()）】\]〕\n]|[（(][^（()）\n]{2,30}[）)]){2,90})[）)】\]〕]")
_SENT = re.compile(rf"[\s\u3000]{{0,4}}[{HAN}A-Za-z·\d]{{2,24}}(?:电|電|讯|訊)[ \u3000]?[（(]([{HAN}·、 \u3000]{{2,24}})[）)]")      # `…3月1日电 (曾莉 唐敏)`
_SLASH = re.compile(rf"\s*((?:[{HAN}]{{2,4}}[、 ]){{0,3}}[{HAN}]{{2,4}})\s?[/／]\s?([{HAN}A-Za-z]{{2,16}})\s*")
_DESK = re.compile(rf"[{HAN}A-Za-z]{{2,12}}\s?[/／]\s?([{HAN}]{{2,4}})[ \u3000]{{1,4}}(\d.{{6,40}})$")
_SQUARE = re.compile(rf"\s{{0,3}}[□■◎]\s?((?:[{HAN}·]{{1,4}}[\u3000 、]{{1,2}}){{0,3}}[{HAN}·]{{1,4}})(?:[\u3000 ]+|$)")
_BEFORE_SOURCE = re.compile(rf"[\[［【][ \u3000]{{0,2}}([{HAN}]{{2,4}})[ \u3000]{{0,2}}[\]］】]"
                            r"[ \u3000\x1f\ue000-\uf8ff]{0,5}(?=(?:来源|來源|稿源)[ \u3000]{0,2}[:：])")
_SOURCE_LINE = re.compile(rf"[\s\u3000（(]{{0,4}}(?:本文|文章)?(?:来源|來源|稿源)[ \u3000]{{0,2}}[:：]"
                          rf"[ \u3000]{{0,4}}([{HAN}]{{2,4}})[\s\u3000）)]{{0,4}}$")
_NAMED = re.compile(r"(?:^|[\s_-])(?:author|zz|zuozhe|byline|writer|reporter|jizhe)(?=$|[\s_-])", re.I)
_LD_AUTHOR = re.compile(r'"author"\s{0,4}:\s{0,4}[\[{\s]{0,6}[^\]}]{0,80}?"@type"\s{0,3}:\s{0,3}"Person"[^\]}]{0,80}?"name"\s{0,4}:\s{0,'
                        r'4}"([^"\\\n]{2,40})"')
_CLOSING = re.compile(r"(?:本文|文章|稿件)(?:来源|來源|作者|编辑)\s{0,2}[:：]|作者\s{0,2}[:：][^:：]{1,24}(?:责任?编辑|编辑)\s{0,2}[:：]|责任?编辑?\s{0,2}[:：]")
_NOBODY = re.compile(r"admin|editor|root|test|user|null|none|unknown|undefined", re.I)
_PEN = re.compile(rf"[{HAN}]{{2,4}}|[A-Za-z][A-Za-z0-9_.-]{{2,19}}")
TAIL_CHARS = 260
FAR_CHARS = 900


def collect(doc: Document, body: Body, title_at: int, lines: list[str], source: str = "") -> tuple[list[Person], list[str]]:
    """(people in printed order, where each was read); `lines` are the body's lines with their signatures, `source` the outlet believed."""
    people: list[Person] = []
    origins: list[str] = []

    def add(found: list[Person], origin: str) -> None:
        for person in found:
            if not any(p.name == person.name and p.role == person.role for p in people):
                people.append(person)
                origins.append(origin)

    start = body.start
    low = title_at if 0 <= title_at < start + 200 else max(0, start - 400)
    low = max(0, doc.text.rfind("\n", 0, max(0, low - 60)) + 1)
    for line in doc.parted(low, start).split("\n"):
        if len(line) < 160 and not _menu(line):
            add(parse(line), "text:标题下")
            add(_alone(line), "text:标题下")
            add(_at_source(line, source), "text:来源旁")
    for el in doc.els:
        if el.start >= start:
            break
        if el.start >= low and el.key and 2 <= el.end - el.start <= 16 and _NAMED.search(el.key):
            held = pieces(doc.span(el))
            if held and all(is_name(p, True) for p in held) or len(held) == 1 and _pen(held[0]):
                add([Person(n, "author") for n in held], "text:作者框")
    for k, line in enumerate(lines):
        head, tail = k < 4, k >= len(lines) - 5
        begun = _SQUARE.match(line) if head else None
        if begun and not ROLE.search(begun.group(1)):
            add([Person(n, "author") for n in names(begun.group(1), True)], "text:□署名")
        sent = _SENT.match(line) if k < 2 else None
        if sent and all(is_name(p, True) for p in pieces(sent.group(1))):
            add([Person(n, "reporter") for n in names(sent.group(1), True)], "text:电头后")
        if head:
            for inner in _BRACKET.findall(line[:200]):
                if ROLE.search(inner):
                    add(parse(inner, sure=True), "text:括注")
        if (head or tail) and is_credit(line):
            add(parse(line, sure=True), "text:署名行")
            if re.match(r"\s{0,3}[□■◎]", line) and not ROLE.search(line):
                add([Person(n, "author") for n in names(line, True)], "text:署名行")
        if tail:
            for inner in _BRACKET.findall(line[-200:]):
                if ROLE.search(inner):
                    add(parse(inner, sure=True), "text:文末括注")
            add(signed(line), "text:文末署名")
            add(unit_signed(line), "text:文末单位署名")
            add(_at_source(line, source), "text:来源旁")
        if len(line) < 160 or tail:
            add(before(line), "text:摄影、供稿")
    for line in doc.parted(body.end, min(len(doc.text), body.end + TAIL_CHARS)).split("\n")[:9]:
        bare = line.strip(" \u3000\x1f（(【[")
        if noise.STOP.match(bare) and not ROLE.match(bare):
            if re.search("相关|推荐|评论|最新|热门|排行", line):
                add(_beyond(doc, body.end), "text:文末")
                break
            continue
        if len(line) < 140:
            add(parse(line), "text:文末")
            add(_at_source(line, source), "text:来源旁")
            add(before(line) if len(line) < 60 else [], "text:文末")
    if body.origin == "embedded":
        for role, text in embedded.credits(doc):
            add(parse(text, sure=True) if ROLE.search(text) else [Person(n, role) for n in names(text, True) if not MEDIA.search(n)], "script")
    people = _settled(people)
    if not any(p.role in ("reporter", "author") for p in people):
        add([Person(name, "author") for name in _data(doc) if not any(p.name == name for p in people)], "jsonld")
    return people, origins


def _beyond(doc: Document, end: int) -> list[Person]:
    """Credits that name this article (`本文来源：… 作者：…`, `责任编辑：…`) although a box of related links stands before them."""
    for block in doc.within(end, end + FAR_CHARS):
        bare = block.text.strip(" \u3000（(【[")
        if len(bare) < 100 and block.link * 2 < len(block.text) and _CLOSING.match(bare):
            return parse(block.text)
    return []


def _data(doc: Document) -> list[str]:
    """Authors that JSON-LD names as persons, with a known family name."""
    for raw in doc.ld[:10]:
        found = _LD_AUTHOR.search(raw[:200_000])
        if found:
            return [n for n in names(found.group(1), True) if len(n) <= 4][:4]
    return []


def _pen(name: str) -> bool:
    """A pen name in a box named for the author: short, no outlet and no office."""
    if not _PEN.fullmatch(name) or MEDIA.search(name) or _NOBODY.match(name):
        return False
    return is_name(name) or not re.search(rf"[{HAN}]", name)


def _alone(line: str) -> list[Person]:
    """`石佳/中国青年报`, or a line of nothing but names beside the title."""
    flat = line.replace("\x1f", " ").strip(" \u3000")
    found = _DESK.match(flat)                    # `中正快訊／范姜明 2026年3月1日 20:19`
    if found and WHEN.match(found.group(2)) and is_name(found.group(1), True):
        return [Person(found.group(1), "reporter")]
    found = _SLASH.fullmatch(flat)
    if found and all(is_name(p, True) for p in pieces(found.group(1))):
        return [Person(n, "author") for n in names(found.group(1), True)]
    return []


def _at_source(line: str, source: str) -> list[Person]:
    """`8时19分 [ 张三 ] 来源：青林日报`; `来源：张三` where the outlet stands elsewhere."""
    found = _BEFORE_SOURCE.search(line[:200]) or _SOURCE_LINE.match(line[:60].replace("\x1f", " "))
    if found is None or not is_name(found.group(1), True) or found.group(1) == source or not source:
        return []
    return [Person(found.group(1), "author")]


def _menu(line: str) -> bool:
    return line.count("\x1f") > 14


def _settled(people: list[Person]) -> list[Person]:
    """A name with its unit beats the same name and role without; nobody is author and reporter at once."""
    out: list[Person] = []
    for person in people:
        twin = next(
            (p for p in people if p.name == person.name and p.role != person.role and {p.role, person.role} == {"author", "reporter"}), None
        )
        if twin is not None and person.role == "author":
            continue
        out.append(person)
    return out
