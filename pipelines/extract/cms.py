"""What a content system left in a comment: the `enpproperty` record of Founder's systems, found on many newspapers' pages."""

from __future__ import annotations

import html
import re

from pipelines.extract.document import Document

_TAGS = re.compile(r"<[^>]{1,200}>")


def field(doc: Document, name: str) -> str:
    """A field of the record (title, subtitle, introtitle, author, date, nodename), tags off; "" when there is none."""
    record = _record(doc)
    low = record.find(f"<{name}>")
    if low < 0:
        return ""
    high = record.find(f"</{name}>", low)
    if high < 0:
        return ""
    return html.unescape(_TAGS.sub(" ", record[low + len(name) + 2:high][:1000])).strip()


def title(doc: Document) -> str:
    return field(doc, "title")


def _record(doc: Document) -> str:
    low = doc.markup.find("enpproperty")
    if low < 0:
        return ""
    high = doc.markup.find("enpproperty", low + 11)
    return doc.markup[low:high if 0 < high < low + 20_000 else low + 8_000]
