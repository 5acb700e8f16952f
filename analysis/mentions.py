"""Units named in an article: full names, aliases, short names resolved by place, 该院 and its like; longest first.

What cannot be resolved is given back with its candidates and an empty unit id: a person decides, never a guess.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from analysis.attribution import Place, by_line, by_region, foreign_places, most_frequent, role, stands_alone
from analysis.bodies import AUTHORITY, PROVIDER, bodies
from analysis.terms import Found, Terms, longest
from analysis.words import Folded, fold, tag
from model.article import Person
from model.mention import Mention
from model.region import Region
from model.unit import Unit

MAX_TEXT = 50_000              # characters read of title and text together
_LISTED = ("、", "和", "与", "及", "以及")     # what joins places of one list
MAX_NAMES = 400                # names resolved in one article; no article names more units
_ABBREVIATIONS = (             # printed end of a name → what the press writes instead
    ("卫生健康委员会", ("卫生健康委", "卫健委")), ("卫生健康局", ("卫健局",)), ("卫生和计划生育委员会", ("卫生计生委", "卫计委")),
    ("疾病预防控制中心", ("疾控中心",)), ("疾病预防控制局", ("疾控局",)), ("妇幼保健院", ("妇保院",)), ("妇幼保健计划生育服务中心", ("妇计中心",)),
    ("中医医院", ("中医院",)), ("医疗保障局", ("医保局",)), ("卫生健康综合监督执法支队", ("卫生监督支队",)),
    *((f"第{n}人民医院", (f"第{n}医院", f"{n}院")) for n in "一二三四五六七八九十"),
)
_NOT_AFTER = re.compile(r"(?:地铁|公交)?站(?![出在位点长立])|[东西南北中]?路(?![过])|大道|街(?![道头])|旧址|家属院|家属楼|宿舍|士(?!兵)")
_PRONOUN = re.compile(r"[该我本](院|局|委|中心|站|所)(?![长内外士校区子线里房墙门友])")
_PRONOUN_REACH = 500           # characters between a name and the 该院 that means it
_BODY_OF_PLACE = re.compile("[\u4e00-\u9fff]{0,8}?(?:医院|保健院|中心|委员会|卫健委|健康委|[^时]局|大学|学院|公司|血站)")   # 高平市人民医院: a body, not a place
_BODY_ENDS = {
    **{w: PROVIDER for w in ("医院", "卫生院", "中医院", "保健院", "法院", "检察院", "学院", "研究院", "养老院", "敬老院", "福利院", "科学院", "急救中心", "血站", "服务中心", "中心")},
    **{w: AUTHORITY for w in ("卫健委", "卫生健康委员会", "卫生健康委", "卫健局", "卫生健康局", "卫生局", "公安局", "财政局", "市场监管局", "监督管理局", "教育局", "民政局",
                              "人社局", "医保局", "疾控局", "发改委", "纪委", "监委", "分局", "应急管理局", "委员会")},
}


class Name(NamedTuple):
    unit: Unit
    kind: str                  # 全称 | 简称 | 别名
    ambiguous: bool
    since: str = ""
    until: str = ""


class Names:
    """Compiled once from the units; `find` is pure."""

    def __init__(self, units: Sequence[Unit], place_traps: Mapping[str, Sequence[str]] = {}):
        self.units = {u.id: u for u in units}
        names: dict[str, list[Name]] = {}
        for unit in units:
            for text, name in _names(unit):
                held = names.setdefault(fold(text).text, [])
                if all(h.unit.id != unit.id for h in held):
                    held.append(name)
        self._names = names
        self._regions = _places(units)
        traps = {w for words in place_traps.values() for w in words}
        pairs: list[tuple[str, str]] = [(n, "name") for n in names] + [(p, "place") for p in self._regions]
        self._terms: Terms[str] = Terms(pairs + [(w, "trap") for w in traps])
        self._ends: Terms[str] = Terms(_BODY_ENDS.items())

    def find(self, title: str, text: str, *, outlet_region: Region | None = None, dateline_place: str = "", source_region: Region | None = None,
             column: str = "", bylines: Sequence[Person] = (), day: str = "") -> tuple[Mention, ...]:
        """Mentions in order of place; offsets into title + newline + text as printed.

        `source_region`: region of the outlet first published in (來源), when it is another; an empty Region means a central one.
        `day`: ISO day of publication, to tell names that were not yet in use.
        """
        original = (title + "\n" + text)[:MAX_TEXT]
        folded = fold(original)
        found = self._terms.find(folded.text)
        if not found and not bylines:
            return ()
        article = _Article(self, original, folded, found, outlet_region, dateline_place, source_region, column, day)
        mentions = article.named()
        if mentions:
            mentions += article.pronouns(mentions)
        mentions += article.byline_only(bylines, mentions)
        return tuple(sorted(mentions, key=lambda m: m.start))


def _names(unit: Unit) -> Iterable[tuple[str, Name]]:
    """All names under which the press may print `unit`, surest first."""
    given = [(unit.name, Name(unit, "全称", _lacks_place(unit.name)))]
    if unit.short:
        given.append((unit.short, Name(unit, "简称", _lacks_place(unit.short))))
    given += [(a.name, Name(unit, "别名", a.ambiguous or _lacks_place(a.name), a.since, a.until)) for a in unit.aliases]
    yield from given
    for text, name in given:
        if name.ambiguous or name.since or name.until:
            continue
        for place in (p for p in (unit.region.county, unit.region.city, unit.region.province) if len(p) > 2 and text.startswith(p)):
            stem, level, tail = place[:-1], place[-1], text[len(place):]
            tails = [tail] + [tail[:-len(end)] + short for end, shorts in _ABBREVIATIONS if tail.endswith(end) for short in shorts]
            if level == "县" and tail == "人民医院":
                tails.append("医院")
            for short in tails:
                yield place + short, Name(unit, "简称", False)
                yield stem + short, Name(unit, "简称", False)
            for short in tails:
                yield level + short, Name(unit, "简称", True)
            break


def _lacks_place(name: str) -> bool:
    return name[:1] in "省市县区" and len(name) > 1


def _places(units: Iterable[Unit]) -> dict[str, Region]:
    places: dict[str, Region] = {}
    for unit in units:
        r = unit.region
        for place, region in ((r.county, r), (r.city, Region(r.province, r.city))):
            if len(place) > 2:
                region = Region(r.province, r.city, r.county if place == r.county else "")
                places.setdefault(fold(place).text, region)
                places.setdefault(fold(place[:-1]).text, region)
    return places


class _Article:
    """The evidence of one article, gathered only as far as it is asked for."""

    def __init__(self, names: Names, original: str, folded: Folded, found: Sequence[Found], outlet_region: Region | None,
                 dateline_place: str, source_region: Region | None, column: str, day: str):
        self._of, self._original, self._folded, self._text, self._day = names, original, folded, folded.text, day
        self._dateline, self._column = fold(dateline_place).text, fold(column).text
        self._outlet = outlet_region if source_region is None else source_region
        traps = [(f.start, f.end) for f in found if "trap" in f.tags]
        hits = [f for f in found if "name" in f.tags and not _inside(f, traps)]
        self._hits = [f for f in longest(hits) if not _NOT_AFTER.match(self._text, f.end)][:MAX_NAMES]
        self._places = [Place(f.start, f.end, names._regions[f.term]) for f in longest([f for f in found if "place" in f.tags and not _inside(f, traps)])]
        self._foreign: list[Place] | None = None

    def named(self) -> list[Mention]:
        mentions: list[Mention] = []
        for hit in self._hits:
            held = [n for n in self._of._names[hit.term] if self._in_use(n)]
            sure = [n for n in held if not n.ambiguous]
            if not held:
                continue
            if len(sure) == 1:
                mentions.append(self._mention(hit.start, hit.end, sure[0].unit, f"{sure[0].kind}“{hit.term}”"))
            else:
                mention = self._ambiguous(hit, [n.unit for n in held], mentions)
                if mention is not None:
                    mentions.append(mention)
        return mentions

    def _in_use(self, name: Name) -> bool:
        return not (name.since and self._day and self._day < name.since)

    def _mention(self, start: int, end: int, unit: Unit, how: str) -> Mention:
        a, b = self._folded.span(start, end)
        return Mention(unit.id, self._original[a:b], a, b, how, True, role(self._text, start, end))

    def _ambiguous(self, hit: Found, candidates: list[Unit], before: Sequence[Mention]) -> Mention | None:
        text, level = self._text, hit.term[0] if hit.term[0] in "省市县区" else ""
        line = text.rfind("\n", 0, hit.start) + 1
        window = text[max(line, hit.start - 10):hit.start]
        at = bisect_left(self._places, (hit.start,)) - 1
        stuck = self._places[at] if at >= 0 and self._places[at].end == hit.start else None
        if stuck is not None:      # 云川 + 市人民医院 printed together, and no unit has this as its name
            unit = by_region(candidates, level, stuck.region)
            return self._mention(stuck.start, hit.end, unit, f"简称“{hit.term}”+地名“{text[stuck.start:stuck.end]}”") if unit else None
        if not stands_alone(window, level or hit.term[0]):
            return None
        near = self._near(hit.start, line)
        if near is not None:
            place = text[near.start:near.end]
            if near.region is None:
                return self._unresolved(hit, candidates) if self._ours() else None
            unit = by_region(candidates, level, near.region)
            if unit and any(other not in (None, unit) for other in (by_region(candidates, level, r) for r in self._listed_with(near))):
                return self._unresolved(hit, candidates)     # 东岭区、南屏区…，区卫健局: either may be meant
            if unit:
                return self._mention(hit.start, hit.end, unit, f"简称“{hit.term}”+地名“{place}”")
        full = {m.unit_id for m in before if m.certain} & {u.id for u in candidates}
        if len(full) == 1:
            unit = self._of.units[full.pop()]
            return self._mention(hit.start, hit.end, unit, f"简称“{hit.term}”，前文已写明{unit.label}")
        for what, region in self._defaults():
            unit = by_region(candidates, level, region) if region else None
            if unit:
                return self._mention(hit.start, hit.end, unit, f"简称“{hit.term}”+{what}“{region.county or region.city}”")
            if region and (region.city or region.county):
                break              # the place is known and it has no such unit: not to be overruled by weaker evidence
        return self._unresolved(hit, candidates)

    def _near(self, start: int, line: int) -> Place | None:
        """The last place before the name in its sentence (else in the sentence before it)."""
        begin = max([line] + [self._text.rfind(mark, line, start) + 1 for mark in "。！？"])
        for low in (begin, max(line, begin - 60)):
            here = self._places[bisect_left(self._places, (low,)):bisect_left(self._places, (start,))]
            own = [p for p in here if p.end <= start]
            spans = [(p.start, p.end) for p in here]
            stretch = self._text[max(low, start - 80):start]
            others = [p for p in foreign_places(stretch, start - len(stretch), spans) if not _BODY_OF_PLACE.match(self._text, p.end)]
            places = own + others
            if places:
                return max(places, key=lambda p: p.end)
        return None

    def _listed_with(self, place: Place) -> Iterable[Region]:
        """Regions of the places that stand in one list with this one, before it."""
        at = bisect_left(self._places, (place.start,)) - 1
        start = place.start
        while at >= 0 and self._text[self._places[at].end:start] in _LISTED:
            if self._places[at].region:
                yield self._places[at].region
            start, at = self._places[at].start, at - 1

    def _ours(self) -> bool:
        return bool(self._places) or any(region for _, region in self._defaults())

    def _defaults(self) -> Iterable[tuple[str, Region | None]]:
        yield "电头", self._place_in(self._dateline)
        outlet = self._outlet
        yield "媒体所在地", outlet if outlet and (outlet.city or outlet.county) else None
        yield "栏目", self._place_in(self._column)
        if self._foreign is None:
            self._foreign = foreign_places(self._text[:3000], 0, [(p.start, p.end) for p in self._places])
        named = [p for p in self._places] + [Place(p.start, p.end, None) for p in self._foreign]
        yield "全文地名", most_frequent(named)

    def _place_in(self, text: str) -> Region | None:
        held = [f for f in longest([f for f in self._of._terms.find(text) if "place" in f.tags])] if text else []
        return self._of._regions[held[-1].term] if held else None

    def _unresolved(self, hit: Found, candidates: Sequence[Unit]) -> Mention:
        a, b = self._folded.span(hit.start, hit.end)
        return Mention("", self._original[a:b], a, b, f"简称“{hit.term}”：无法确定是哪家单位，待人工确认", False, "mentioned", tuple(u.id for u in candidates))

    def pronouns(self, mentions: Sequence[Mention]) -> list[Mention]:
        found: list[Mention] = []
        others: list[tuple[int, str]] | None = None
        for p in islice(_PRONOUN.finditer(self._text), MAX_NAMES):
            if others is None:
                others = self._other_bodies(mentions)
            kind, at = p[1], self._folded.origin(p.start())
            near = [m for m in mentions if m.end <= at and at - m.end <= _PRONOUN_REACH and _fits(kind, self._of.units[m.unit_id].name if m.certain else m.surface)]
            if not near:
                continue
            last = max(near, key=lambda m: m.end)
            between = [o for o, name in others if self._folded.origin(o) >= last.end and o < p.start() and _fits(kind, name)]
            if between or not last.certain:
                continue
            if p[0][0] in "我本" and len({m.unit_id for m in near}) > 1:
                continue
            unit = self._of.units[last.unit_id]
            found.append(self._mention(p.start(), p.end(), unit, f"指代“{p[0]}”→{unit.label}"))
        return found

    def _other_bodies(self, mentions: Sequence[Mention]) -> list[tuple[int, str]]:
        spans = [(m.start, m.end) for m in mentions]
        ends = [(f.start, f.end, f.term, f.tags[0]) for f in self._of._ends.find(self._text)]
        others = []
        for body in bodies(self._text, ends, self._text.find("\n")):
            a, b = self._folded.span(body.start, body.end)
            if (body.named or _has_head(self._text, body.start)) and not any(x < b and a < y for x, y in spans):
                others.append((body.start, body.name))
        return others

    def byline_only(self, bylines: Sequence[Person], mentions: Sequence[Mention]) -> list[Mention]:
        """Units of the byline that the text itself does not name there: placed at the start of the text, with no length."""
        found: list[Mention] = []
        for printed, how in by_line(bylines):
            if any(m.role == how and (m.surface in printed or printed in m.surface) for m in mentions):
                continue
            names = self._of._names.get(printed, [])
            sure = [n.unit for n in names if not n.ambiguous]
            unit = sure[0] if len(sure) == 1 else None
            if unit is None and names:
                level = printed[0] if printed[0] in "省市县区" else ""
                told = (by_region([n.unit for n in names], level, region) for _, region in self._defaults() if region)
                unit = next((u for u in told if u), None)
            if unit is not None:
                found.append(Mention(unit.id, printed, 0, 0, f"署名单位“{printed}”", True, how))
            elif names:
                found.append(Mention("", printed, 0, 0, f"署名单位“{printed}”：无法确定是哪家单位", False, how, tuple(n.unit.id for n in names)))
        return found


def _has_head(text: str, start: int) -> bool:
    """Does a noun stand right before an end word (仁济|医院), so that it may name some other body?"""
    before = text[max(0, start - 6):start]
    words = tag(before) if before and "\u4e00" <= before[-1] <= "\u9fff" else []
    return bool(words) and words[-1][1].startswith("n")


def _inside(f: Found, spans: Iterable[tuple[int, int]]) -> bool:
    return any(a <= f.start and f.end <= b for a, b in spans)


def _fits(kind: str, name: str) -> bool:
    ends = {"院": ("院", "院区"), "局": ("局",), "委": ("委", "委员会"), "中心": ("中心",), "站": ("站",), "所": ("所",)}[kind]
    return name.endswith(ends)
