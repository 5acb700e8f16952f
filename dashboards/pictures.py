"""Pictures for paper, drawn as SVG from the digest's numbers: vector in PDF, 300 dots an inch in Word, told apart in grey by lightness
and words.

The page draws the same rows by ECharts (`chart`), and every picture brings its table (`heads`, `rows`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from model.digest import Digest
from model.outlet import Tier

from dashboards import show
from dashboards.weeks import local

WIDTH = 152                        # millimetres; the unit of all lengths here
FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, SimHei, WenQuanYi Zen Hei, WenQuanYi Micro Hei, sans-serif"
# Neighbours differ in lightness by a third of the way from black to white, so they stay apart when copied in grey.
_FILLS = ("#1b3a57", "#9fb4c6", "#4f7698", "#d5dde4", "#2f5f4f", "#b9c8a8", "#6b6b6b", "#ececec")
_INK, _LINE = "#1a1a1a", "#8a8a8a"
_UNITS = 12                        # bars of units at most


@dataclass(frozen=True)
class Picture:
    name: str                      # trend | share | units | spread
    title: str
    svg: str
    alt: str
    heads: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    chart: dict


def pictures(digest: Digest) -> list[Picture]:
    """Those that have something to show."""
    return [p for p in (_trend(digest), _share(digest), _units(digest), _spread(digest)) if p]


class Sheet:
    """An SVG `height` mm high while it is drawn."""

    def __init__(self, height: float):
        self.height, self.parts = height, []

    def box(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        if width > 0 and height > 0:
            self.parts.append(f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" fill="{fill}" stroke="{_INK}" stroke-width="0.15"/>')

    def line(self, points: Sequence[tuple[float, float]], width: float = 0.2, colour: str = _LINE) -> None:
        path = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
        self.parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>')

    def dot(self, x: float, y: float, fill: str) -> None:
        self.parts.append(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="0.8" fill="{fill}" stroke="{_INK}" stroke-width="0.15"/>')

    def text(self, x: float, y: float, words: object, side: str = "start", size: float = 3.1, fill: str = _INK) -> None:
        said = escape(show.printable(str(words)))
        self.parts.append(f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size}" text-anchor="{side}" fill="{fill}" font-family="{FONT}">{said}</text>')

    def legend(self, y: float, names: Sequence[tuple[str, str]]) -> float:
        """(name, fill) side by side in lines; returns where the next thing may stand."""
        x = 0.0
        for name, fill in names:
            width = 7 + 3.1 * wide(name)
            if x + width > WIDTH:
                x, y = 0.0, y + 5
            self.box(x, y, 3.4, 3, fill)
            self.text(x + 4.4, y + 2.7, name)
            x += width
        return y + 6

    def done(self) -> str:
        return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height:.1f}" width="{WIDTH}mm" height="{self.height:.1f}mm">'
                f'<rect width="{WIDTH}" height="{self.height:.1f}" fill="#ffffff"/>{"".join(self.parts)}</svg>')


def wide(words: str) -> float:
    """Width in ems: Han characters 1, others about a half."""
    return sum(1 if ord(c) > 0x2E7F else 0.56 for c in words)


def cut(words: str, ems: float) -> str:
    if wide(words) <= ems:
        return words
    kept, used = "", 1.0
    for c in words:
        used += wide(c)
        if used > ems:
            break
        kept += c
    return kept + "…"


def top_of(most: int) -> int:
    """The end of an axis whose four steps are whole numbers."""
    step = 1
    while step * 4 < most:
        step = {1: 2, 2: 5, 5: 10}[int(str(step)[0])] * 10 ** (len(str(step)) - 1)
    return step * 4


def _fills(digest: Digest) -> dict[str, str]:
    return {c.class_id: _FILLS[n % len(_FILLS)] for n, c in enumerate(digest.classes)}


def _axis(sheet: Sheet, top: int, left: float, base: float, height: float) -> None:
    for n in range(5):
        y = base - height * n / 4
        sheet.line([(left, y), (WIDTH, y)], 0.3 if n == 0 else 0.1)
        sheet.text(left - 1.5, y + 1.1, top * n // 4, "end")


def _trend(digest: Digest) -> Picture | None:
    used = [c for c in digest.classes if c.pieces]
    if not used or len(digest.bins) < 2:
        return None
    fills, sheet = _fills(digest), Sheet(66)
    start = sheet.legend(0, [(c.name, fills[c.class_id]) for c in used]) + 3
    base, left = start + 46, 11.0
    sheet.height = base + 7
    top = top_of(max(b.pieces for b in digest.bins))
    _axis(sheet, top, left, base, 44)
    slot = (WIDTH - left) / len(digest.bins)
    every = max(1, -(-len(digest.bins) * 11 // 130))      # labels that do not touch
    for n, bin in enumerate(digest.bins):
        x, y = left + slot * n + slot * .15, base
        for c in used:
            high = 44 * bin.by_class.get(c.class_id, 0) / top
            y -= high
            sheet.box(x, y, slot * .7, high, fills[c.class_id])
        if bin.pieces and slot > 5:
            sheet.text(x + slot * .35, y - 1, bin.pieces, "middle", 2.9)
        if n % every == 0:
            sheet.text(x + slot * .35, base + 4.2, bin.label, "middle", 2.9)
    peak = max(digest.bins, key=lambda b: b.pieces)
    rows = tuple((b.label, *(b.by_class.get(c.class_id, 0) for c in used), b.pieces) for b in digest.bins)
    return Picture(
        "trend", "各类别发稿走势", sheet.done(), f"各类别发稿走势，共{digest.total}篇，{peak.label}最多，{peak.pieces}篇",
        ("日期", *(c.name for c in used), "合计"), rows,
        {"kind": "days", "axis": [b.label for b in digest.bins],
         "series": [{"name": c.name, "data": [b.by_class.get(c.class_id, 0) for b in digest.bins]} for c in used]})


def _bars(rows: Sequence[tuple[str, int, str]], fill: str = _FILLS[2]) -> str:
    """Lying bars: (name, number, words after the bar)."""
    sheet = Sheet(len(rows) * 7 + 2)
    left = min(62.0, max(3.2 * wide(cut(name, 18)) for name, _, _ in rows) + 3)
    room = WIDTH - left - max(3.2 * wide(words) for *_, words in rows) - 3
    most = max(n for _, n, _ in rows) or 1
    for at, (name, number, words) in enumerate(rows):
        y = at * 7 + 1
        sheet.text(left - 2, y + 4, cut(name, 18), "end")
        sheet.box(left, y + .7, room * number / most, 4.4, fill)
        sheet.text(left + room * number / most + 1.5, y + 4, words)
    sheet.line([(left, 0), (left, sheet.height)], 0.3)
    return sheet.done()


def percent(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.1f}%" if whole else "0.0%"


def _share(digest: Digest) -> Picture | None:
    if not digest.total:
        return None
    rows = [(c.name, c.pieces, f"{c.pieces}篇 {percent(c.pieces, digest.total)}") for c in digest.classes]
    table = tuple((c.name, c.pieces, percent(c.pieces, digest.total)) for c in digest.classes)
    return Picture("share", "各类别占比", _bars(rows), "各类别占比：" + "，".join(f"{n}{w}" for n, _, w in rows), ("类别", "篇数", "占比"), table,
                   {"kind": "bars", "axis": [c.name for c in digest.classes],
                   "series": [{"name": "篇数", "data": [c.pieces for c in digest.classes]}]})


def _units(digest: Digest) -> Picture | None:
    if not digest.units:
        return None
    top = digest.units[:_UNITS]
    rows = [(u.label, u.pieces, f"{u.pieces}篇（首发{u.firsts}）") for u in top]
    more = f"前{_UNITS}位" if len(digest.units) > _UNITS else ""
    return Picture(
        "units", f"各单位见报篇数{more}", _bars(rows), f"各单位见报篇数{more}：" + "，".join(f"{u.label}{u.pieces}篇" for u in top),
        ("单位", "篇数", "首发", "负面"),
        tuple((u.label, u.pieces, u.firsts, u.negative) for u in top),
        {"kind": "bars", "axis": [u.label for u in top],
         "series": [{"name": "首发", "data": [u.firsts for u in top]}, {"name": "转载", "data": [u.pieces - u.firsts for u in top]}]})


def _spread(digest: Digest) -> Picture | None:
    held = digest.spread
    if held is None:
        return None
    sheet, left, base, high = Sheet(62), 11.0, 50.0, 42.0
    first, last = held.copies[0][0], held.copies[-1][0]
    length = max((last - first).total_seconds(), 60.0)
    top = top_of(len(held.copies))
    _axis(sheet, top, left, base, high)
    right, points, y = WIDTH - 4, [(left, base)], base
    for n, (at, _, _) in enumerate(held.copies, 1):
        x = left + (right - left) * (at - first).total_seconds() / length
        points += [(x, y), (x, y := base - high * n / top)]
    sheet.line([*points, (right, y)], 0.5, _FILLS[0])
    dots = zip(points[2::2], held.copies)
    for (x, y), (_, _, tier) in dots:
        sheet.dot(x, y, _TIER_FILLS.get(tier, "#ffffff"))
    for n in range(5 if length > 60 else 1):
        at = first + (last - first) * n / 4
        sheet.text(left + (right - left) * n / 4, base + 4.2, local(at).strftime("%m/%d %H:%M"),
            "start" if n == 0 else "end" if n == 4 else "middle", 2.7)
    sheet.legend(base + 6.5, [(show.tier(t), f) for t, f in _TIER_FILLS.items() if any(c[2] == t for c in held.copies)])
    names = f"《{cut(held.title, 30)}》传播"
    rows = tuple((local(at).strftime("%m-%d %H:%M"), outlet, show.tier(tier), n) for n, (at, outlet, tier) in enumerate(held.copies, 1))
    return Picture("spread", names, sheet.done(), f"{names}：{len(held.copies)}篇，自{show.short(first)}至{show.short(last)}",
        ("时间", "媒体", "层级", "累计"), rows,
                   {"kind": "days", "axis": [r[0] for r in rows], "series": [{"name": "累计篇数", "data": [r[3] for r in rows]}]})


_TIER_FILLS = {Tier.CENTRAL.value: "#1b3a57", Tier.INDUSTRY.value: "#4f7698", Tier.PROVINCIAL.value: "#9fb4c6",
    Tier.MUNICIPAL.value: "#d5dde4",
               Tier.COUNTY.value: "#2f5f4f", Tier.PORTAL.value: "#ffffff", Tier.UNKNOWN.value: "#6b6b6b"}
