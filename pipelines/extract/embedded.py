"""Bodies that a page carries as data – JSON in a script, an escaped textarea, JSON-LD – for its own script to draw.

Asked only when the drawn page has no convincing body.
"""

from __future__ import annotations

import html
import json
import re
from itertools import islice
from typing import Iterator

from pipelines.extract.document import Document

_KEY = re.compile(r'"(?:content|contentHtml|content_html|articleBody|article_content|articleContent|body|bodyHtml|text|htmlContent|'
                  r'detailContent|newsContent|contents|txt|data|html|detail)"\s{0,4}:\s{0,4}(?=")')
_PEOPLE = re.compile(r'"(author|authorName|author_name|writer|reporter|reporterName|editor|editorName|editor_name|responEditor|responsibleEditor|dutyEditor|respEditor)"'
                     r'\s{0,4}:\s{0,4}("(?:[^"\\\n]|\\u[0-9a-fA-F]{4}){2,120}")')
_SINGLE = re.compile(r"(?:content|articleContent|contentData)\s{0,4}[:=]\s{0,4}'((?:[^'\\\n]|\\.){200,400000})'")
_TEXTAREA = re.compile(r"<textarea[^>]{0,300}(?:content|body|article)[^>]{0,200}>([^<]{60,600000})</textarea>", re.I)
_HAN = re.compile("[\u4e00-\u9fff]")
_DECODER = json.JSONDecoder(strict=False)
MIN_HAN = 80
MAX_TRIES = 40


def find(doc: Document) -> str:
    """The markup of the longest body held as data, "" when none has at least MIN_HAN Chinese characters."""
    best, size = "", MIN_HAN
    for text in _held(doc):
        found = len(_HAN.findall(text))
        if found >= size:
            best, size = text, found
    if not best:
        return ""
    if "<p" not in best and "<br" not in best and "<div" not in best:
        best = "".join(f"<p>{html.escape(line)}</p>" for line in best.split("\n") if line.strip())
    return best


def credits(doc: Document) -> Iterator[tuple[str, str]]:
    """(role, text) of the people that the scripts name beside a body held as data: author, reporter, editor."""
    for script in (*doc.ld[:10], *doc.scripts[:80]):
        if not _KEY.search(script, 0, 1_500_000):
            continue
        for found in islice(_PEOPLE.finditer(script, 0, 1_500_000), 12):
            try:
                value = json.loads(found.group(2))
            except ValueError:
                continue
            key = found.group(1).lower()
            yield ("editor" if "edit" in key else "reporter" if "report" in key else "author"), value.strip()


def _held(doc: Document):
    tries = 0
    for script in (*doc.ld[:10], *doc.scripts[:80]):
        if len(_HAN.findall(script[:400_000])) < MIN_HAN and "\\u" not in script[:400_000]:
            continue
        for found in _KEY.finditer(script[:1_500_000]):
            tries += 1
            if tries > MAX_TRIES:
                return
            try:
                value, _ = _DECODER.raw_decode(script, found.end())
            except ValueError:
                continue
            if isinstance(value, str) and len(value) > MIN_HAN:
                yield _unescape(value)
        for single in _SINGLE.finditer(script[:1_500_000]):
            yield _unescape(
                single.group(1)
                .encode("utf-8", "replace")
                .decode("utf-8")
                .replace("\\'", "'")
                .replace('\\"', '"')
                .replace("\\/", "/")
                .replace("\\n", "\n")
            )
    if "<textarea" in doc.markup[:2_000_000].lower():
        for area in list(_TEXTAREA.finditer(doc.markup[:2_000_000]))[:5]:
            yield _unescape(area.group(1))


def _unescape(text: str) -> str:
    """Twice escaped markup made plain markup."""
    for _ in range(2):
        if "&lt;" in text or "&quot;" in text:
            text = html.unescape(text)
    if "\\u003C" in text or "\\u003c" in text:
        text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m.group(1), 16)), text)
    return text.replace("\\/", "/").replace('\\"', '"')
