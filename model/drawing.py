"""A layout page (版面图) read as boxes: areas of an image map, elements set by percent or pixel, data attributes, records of a script.

Whatever the system, a box ends as shares of the page: left, top, right and bottom in 0..1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Protocol

from model.layout import Box

MAX_BOXES = 2000
_NUMBERS = re.compile(r"-?\d{1,6}(?:\.\d{1,12})?")
_STYLE = re.compile(r"(?:^|[;\s])(left|top|width|height)\s{0,4}:\s{0,4}(-?\d{1,6}(?:\.\d{1,12})?)\s{0,2}(%|px)", re.I)
_ADDRESS = re.compile(r"""["']([^"'\s<>]{1,300}?\.(?:s?html?|aspx?|jsp|php|do)(?:\?[^"'\s<>]{0,200})?|[^"'\s<>]{0,200}/[^"'\s<>]{1,200})["']""", re.I)
_RECORD = re.compile(r"\{[^{}]{20,1500}\}")
_LINK_KEYS = ("url", "href", "link", "articleurl", "contenturl", "article_url")
_SIDES = (("x", "left", "posx"), ("y", "top", "posy"), ("w", "width"), ("h", "height"))

_Found = list[tuple[str, float, float, float, float, float, float]]     # link, left, top, right, bottom, page width, page height


class Node(Protocol):
    """What is asked of a parsed page: selectolax answers it."""

    def css(self, query: str) -> Iterable[Any]: ...


def boxes(page: Node, scripts: Sequence[str], resolve: Callable[[str], str]) -> list[Box]:
    """Every linked box of a layout page.  `resolve` makes a printed link an address, "" for one that leads nowhere of use."""
    for found in (_areas(page), _placed(page), _told(page), _written(scripts)):
        out = [box for box in _shares(found, resolve) if box.size > 0.0005]
        if len(out) == 1 or len({(b.left, b.top, b.right, b.bottom) for b in out}) > 1:        # all in one spot: not measured
            return out
    return []


def _areas(page: Node) -> _Found:
    """`<area shape coords href>` of image maps, measured against the map's picture."""
    pictures: dict[str, tuple[float, float]] = {}
    for image in page.css("img[usemap], object[usemap], input[usemap]"):
        name = (image.attributes.get("usemap") or "").lstrip("#").lower()
        pictures[name] = _measured(image)
    out: _Found = []
    for area in page.css("area"):
        if len(out) >= MAX_BOXES:
            break
        above = area.parent
        wide, high = pictures.get(((above.attributes.get("name") or above.attributes.get("id") or "") if above is not None else "").lower(), (0.0, 0.0))
        coords = area.attributes.get("coords") or ""
        spot = _spot(coords)
        if spot is not None:
            share = 100.0 if "%" in coords else 0.0
            out.append((_link(area), *spot, share or wide, share or high))
    return out


def _placed(page: Node) -> _Found:
    """Elements set over the page's picture by `left`, `top`, `width` and `height`, in percent or pixels."""
    out: _Found = []
    for node in page.css("[style*=left]"):
        if len(out) >= MAX_BOXES:
            break
        held = {name.lower(): (float(value), unit) for name, value, unit in _STYLE.findall((node.attributes.get("style") or "")[:400])}
        link = _link(node) if len(held) == 4 else ""
        if link:
            left, top, width, height = (held[name][0] for name in ("left", "top", "width", "height"))
            wide, high = _frame(node)
            wide, high = (100.0 if held["width"][1] == "%" else wide), (100.0 if held["height"][1] == "%" else high)
            out.append((link, left, top, left + width, top + height, wide, high))
    return out


def _told(page: Node) -> _Found:
    """Figures in data attributes: `data-x data-y data-w data-h` (or left, top, width, height), or `data-coords`."""
    out: _Found = []
    for node in page.css("[data-coords], [data-x][data-y], [data-left][data-top]"):
        if len(out) >= MAX_BOXES:
            break
        attrs = {name.lower(): value or "" for name, value in node.attributes.items()}
        link = _link(node)
        if attrs.get("data-coords"):
            spot = _spot(attrs["data-coords"])
        else:
            spot = _sides({name[5:]: value for name, value in attrs.items() if name.startswith("data-")})
        if link and spot is not None:
            share = 100.0 if "%" in "".join(attrs.get(name, "") for name in ("data-coords", "data-x", "data-left")) else 0.0
            out.append((link, *spot, share, share))
    return out


def _written(scripts: Sequence[str]) -> _Found:
    """Flat records of a script that hold a link and the four figures of a box."""
    out: _Found = []
    for script in scripts[:60]:
        for found in _RECORD.finditer(script, 0, 400_000):
            if len(out) >= MAX_BOXES:
                return out
            try:
                record = json.loads(found.group())
            except ValueError:
                continue
            record = {str(name).lower(): str(value) for name, value in record.items()}
            link = next((record[name] for name in _LINK_KEYS if record.get(name)), "")
            spot = _sides(record)
            if link and spot is not None:
                share = 100.0 if any("%" in record.get(name, "") for name in ("x", "left", "width", "w")) else 0.0
                out.append((link, *spot, share, share))
    return out


def _shares(found: _Found, resolve: Callable[[str], str]) -> Iterable[Box]:
    """Boxes as shares of the page; where its measure is not told, the outermost box is the page's edge."""
    most_x, most_y = max((f[3] for f in found), default=0.0), max((f[4] for f in found), default=0.0)
    for link, left, top, right, bottom, wide, high in found:
        wide, high = max(wide, 0.0), max(high, 0.0)
        if not wide or most_x > 1.5 * wide:
            wide = most_x
        if not high or most_y > 1.5 * high:
            high = most_y
        target = resolve(link) if link and wide > 0 and high > 0 else ""
        if target:
            yield Box(target, *(min(1.0, max(0.0, value)) for value in (left / wide, top / high, right / wide, bottom / high)))


def _spot(coords: str) -> tuple[float, float, float, float] | None:
    """What a coords attribute spans: two corners, a circle, or the corners of a polygon."""
    numbers = [float(n) for n in _NUMBERS.findall(coords[:4000])]
    if len(numbers) == 3:
        x, y, r = numbers
        return x - r, y - r, x + r, y + r
    if len(numbers) < 4:
        return None
    xs, ys = numbers[0::2], numbers[1::2]
    return min(xs), min(ys), max(xs[:len(ys)]), max(ys)


def _sides(record: Mapping[str, str]) -> tuple[float, float, float, float] | None:
    values = []
    for names in _SIDES:
        found = _NUMBERS.fullmatch(next((record[name] for name in names if record.get(name)), "").strip().rstrip("%px "))
        if found is None:
            return None
        values.append(float(found.group()))
    left, top, width, height = values
    return left, top, left + width, top + height


def _link(node: Any) -> str:
    """Where a box leads: its own link, a data attribute, the only link inside it, or the address in its click handler."""
    attrs = node.attributes
    for name in ("href", "data-href", "data-url", "data-link"):
        held = (attrs.get(name) or "").strip()
        if held and not held.startswith("#") and not held.lower().startswith("javascript:"):
            return held
    inside = {inner.attributes.get("href") or "" for inner in _near(node) if inner.tag == "a"} - {"", "#"}
    if len(inside) == 1:
        return inside.pop()
    found = _ADDRESS.search(((attrs.get("onclick") or "") + (attrs.get("href") or ""))[:1000])
    return found.group(1) if found else ""


def _near(node: Any) -> Iterable[Any]:
    """The first children and grandchildren: what is further down is no part of a box, and nested boxes must not be walked again and again."""
    for child in islice(node.iter(), 12):
        yield child
        yield from islice(child.iter(), 6)


def _frame(node: Any) -> tuple[float, float]:
    """Width and height in pixels of what holds a box: of a container, or of the picture in it; zeros where not told."""
    for _ in range(3):
        node = node.parent
        if node is None:
            break
        size = _measured(node)
        if all(size):
            return size
        for inner in _near(node):
            size = _measured(inner) if inner.tag == "img" else (0.0, 0.0)
            if all(size):
                return size
    return 0.0, 0.0


def _measured(node: Any) -> tuple[float, float]:
    held = {name.lower(): float(value) for name, value, unit in _STYLE.findall((node.attributes.get("style") or "")[:400]) if unit == "px"}
    out = []
    for name in ("width", "height"):
        told = re.fullmatch(r"\s{0,3}(\d{1,6})(?:\.\d{1,4})?\s{0,2}(?:px)?\s{0,3}", node.attributes.get(name) or "")
        out.append(held.get(name) or (float(told.group(1)) if told else 0.0))
    return out[0], out[1]
