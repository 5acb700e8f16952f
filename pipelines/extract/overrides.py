"""Fields read by an outlet's own selectors, in the days they hold for.  A selector that finds nothing decides nothing."""

from __future__ import annotations

import re
from datetime import date
from typing import Mapping

from model.outlet import Outlet

_BREAK = re.compile(r"[ \t\r\f\xa0]*\n[\s\u3000]*")


def apply(markup: str, tree, outlet: Outlet | None, day: date) -> Mapping[str, str]:
    """Field name → text found (lines parted by a newline).  `tree` answers CSS; XPath parses `markup` once more, only when asked for."""
    if outlet is None or not outlet.fields:
        return {}
    out: dict[str, str] = {}
    xtree = None
    for rule in outlet.fields:
        if rule.name in out or rule.since and day.isoformat() < rule.since or rule.until and day.isoformat() > rule.until:
            continue
        found = ""
        if rule.css:
            try:
                nodes = tree.css(rule.css)
            except Exception as error:            # selectolax raises SelectolaxError or ValueError by version
                raise ValueError(f"选择器无法解析：{rule.css}") from error
            found = "\n".join(_lines(node.attributes.get("content") or node.text(separator="\n")) for node in nodes[:50])
        elif rule.xpath:
            xtree = xtree if xtree is not None else _lxml(markup)
            found = _xpath(xtree, rule.xpath)
        if found.strip():
            out[rule.name] = found.strip()
    return out


def _lines(text: str) -> str:
    return _BREAK.sub("\n", text).strip()


def _lxml(markup: str):
    from lxml import html
    return html.document_fromstring(markup.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8", huge_tree=False))


def _xpath(tree, path: str) -> str:
    from lxml import etree
    try:
        found = tree.xpath(path)
    except etree.XPathError as error:
        raise ValueError(f"XPath 无法解析：{path}") from error
    if not isinstance(found, list):
        return str(found)
    return "\n".join(_lines(item if isinstance(item, str) else "\n".join(item.itertext())) for item in found[:50])
