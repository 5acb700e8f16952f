"""E-paper pages: date, page number and name (第2版 要闻), position (头版头条, 报眼), column."""

from __future__ import annotations

import re
from dataclasses import dataclass

from model.drawing import boxes
from model.layout import places
from pipelines import urls
from pipelines.extract.body import Body
from pipelines.extract.candidates import Candidate
from pipelines.extract.document import Document
from pipelines.extract.moments import When, moment

_PATH = re.compile(r"/(?:html|epaper|paper|content|page|\w{1,12})?/?((?:19|20)\d\d)[-/]?(\d{2})/(\d{1,2})/(?:content|node|nbs|l|c|page|"
                   r"art)[_\d.A-Za-z-]*", re.I)
_HOST = re.compile(r"://(?:epaper|paper|szb|e-?paper|dzb|newspaper|bz|digital|digitalpaper|szbz)\w{0,8}\.|/(?:epaper|szb|dzb|shuzibao|"
                   r"paper)/", re.I)
_NUMBER = r"([A-Z]{0,2}\d{1,3}|[一二三四五六七八九十]{1,3}|头)"
_PAGE = re.compile(rf"第\s{{0,2}}{_NUMBER}\s{{0,2}}版\s{{0,2}}[:：]?\s{{0,3}}([\u4e00-\u9fff·]{{2,10}})?|"
                   rf"(?<![\d-])([A-Z]?\d{{2,3}})\s{{0,2}}版\s{{0,2}}[:：]?\s{{0,3}}([\u4e00-\u9fff·]{{2,10}})?|"
                   rf"版次\s{{0,2}}[:：]\s{{0,3}}([A-Z]{{0,2}}\d{{1,3}})(?:[版\s:：]{{0,4}}([\u4e00-\u9fff·]{{2,10}}))?|"
                   rf"版面\s{{0,2}}[:：]\s{{0,3}}(?:第?([A-Z]{{0,2}}\d{{1,3}})版)?\s{{0,2}}[:：]?\s{{0,2}}([\u4e00-\u9fff·]{{2,10}})?")
_QUOTED = re.compile(r"《\s{0,2}([^》\n]{2,16}?)\s{0,2}》\s{0,2}[（(]?\s{0,3}((?:19|20)\d\d)\s{0,2}[年-]\s{0,2}(\d{1,2})\s{0,2}[月-]\s{0,2}(\d"
                     r"{1,2})\s{0,2}日?\s{0,6}(?:星期.)?[\s，,]{0,4}(?:第\s{0,2})?([A-Z]{0,2}\d{1,3})\s{0,2}版(?:\s{0,2}[:：]?\s{0,2}([\u4e00-\u"
                     r"9fff]{2,8}))?")
_POSITION = re.compile(r"头版头条|头版二条|头条|报眼|倒头条|二条|头版|整版|版面头条")
_COLUMN = re.compile(r"(?:栏目|专栏|版块|所属栏目)\s{0,2}[:：]\s{0,3}([\u4e00-\u9fffA-Za-z·•]{2,16})")
_NEXT = re.compile(r"^(?:上一版|下一版|上一篇|下一篇|返回|目录|放大|缩小|默认|往期|版面|导航|概览|PDF|标题)")
_LAYOUT = re.compile(r"^(?:node|page|layout|index|bm|ban)[-_]?[A-Za-z]?\d{1,4}(?![\d_-]*\d)", re.I)
_DIGITS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")}


@dataclass(frozen=True)
class Sheet:
    """Where an article stood in a printed paper; empty where the page does not tell."""

    page_no: str = ""
    page_name: str = ""
    place: Candidate | None = None
    column: str = ""
    outlet: str = ""
    when: When | None = None


def is_paper(url: str) -> bool:
    """An address of an e-paper: its host or folder says so, or it has a dated folder with content_/node_ pages."""
    return bool(_HOST.search(url)) or bool(_PATH.search(url.split("://", 1)[-1]) and re.search(r"content_|node_|nbs\.|_epaper|/l\d", url))


def read(doc: Document, body: Body, url: str) -> Sheet:
    """The sheet of an article: a `《报》（2022年02月13日 02版）` line at the end of any page, or the head of an e-paper page."""
    text = doc.text
    tail = text[max(0, body.end - 60):body.end + 160]
    place = _printed_place(doc, body)
    quoted = _QUOTED.search(tail) or _QUOTED.search(text[max(0, body.start - 300):body.start + 40])
    found = _COLUMN.search(text[max(0, body.start - 400):body.start])
    column = found.group(1) if found else ""
    if quoted:
        outlet, year, month, day, number, name = quoted.groups()
        return Sheet(number, name or "", _drawn_place(doc, url, number) or place, column, outlet, moment(year, month, day))
    if not is_paper(url):
        return Sheet(column=column)
    head = text[:max(body.start, 0) + 10][-3000:] + "\n" + doc.title
    for page in _PAGE.finditer(head):
        groups = [g for g in page.groups()]
        number = groups[0] or groups[2] or groups[4] or groups[6] or ""
        name = groups[1] or groups[3] or groups[5] or groups[7] or ""
        if number or name:
            name = "" if _NEXT.match(name) else name
            number = _plain(number)
            return Sheet(number, name, _drawn_place(doc, url, number) or place, column)
    return Sheet(place=place, column=column)


def _printed_place(doc: Document, body: Body) -> Candidate | None:
    near = doc.text[max(0, body.start - 200):body.start]
    for line in near.split("\n"):
        if len(line) <= 12:
            found = _POSITION.search(line)
            if found:
                return Candidate(found.group(), "text", 0.8, line.strip())
    return None


def _drawn_place(doc: Document, url: str, number: str) -> Candidate | None:
    """The place of this very article on the layout that many e-papers show beside the text."""
    if not is_paper(url):
        return None
    titles: dict[str, str] = {}
    for el in doc.els:
        if el.tag == "a" and el.attrs.get("href"):
            titles.setdefault(_bare(urls.absolute(url, el.attrs["href"])), doc.span(el).strip()[:80])
    found = boxes(doc.tree, doc.scripts, lambda link: _bare(urls.absolute(url, link)) if re.search(r"\d", link.rsplit("/", 1)[-1]) else "")
    found = [box for box in found if not _LAYOUT.search(box.target.rsplit("/", 1)[-1])]
    place = places(found, number, titles).get(_bare(url))
    return Candidate(place.name, place.origin, place.score, place.why) if place else None


def _bare(url: str) -> str:
    return url.split("#", 1)[0].split("?div=", 1)[0]


def _plain(number: str) -> str:
    if number == "头":
        return "1"
    if number and number[0] in "一二三四五六七八九十":
        if number == "十":
            return "10"
        if number.startswith("十"):
            return "1" + _DIGITS.get(number[1:2], "0")
        if "十" in number:
            tens, _, ones = number.partition("十")
            return _DIGITS.get(tens, "1") + (_DIGITS.get(ones, "0") if ones else "0")
        return _DIGITS.get(number, number)
    return number
