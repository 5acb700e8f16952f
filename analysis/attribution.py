"""Which unit an ambiguous name means, by places; and how a named unit stands to the article.

Evidence in order: the place before the name in its sentence → the full name earlier in the text → the dateline → the
region of the original outlet → the column → the text's most frequent place.  No evidence, or two kinds that leave more
than one unit: unresolved, for a person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from analysis.words import fold, tag
from model.article import Person
from model.region import Region
from model.unit import Unit

_LEVELS = "省市县区"
_NO_PLACE = frozenset(
    "全市 我市 本市 该市 城市 都市 超市 股市 楼市 上市 集市 门市 夜市 市区 县区 地区 社区 园区 城区 小区 山区 院区 病区 校区 灾区 疫区 景区 辖区 东区 西区 南区 北区 全区 我区 本区 该区 "
    "全县 我县 本县 该县 各县 各市 各区 全省 我省 本省 该省 各省 外省 外市 外地 直辖市 地级市 县级市 大城市 城乡 两市 三市 高新区 新区 开发区 经开区 片区 中国 全国 我国 外国".split())
_FUNCTION = frozenset("从到在由去对向和与及被让把是经至赴进据给为将以往于当因如若该这那")
_TITLES = frozenset("记者 患者 专家 医生 市民 家属 院长 主任 教授 护士 通讯员 同志 男子 女子 新闻 讯 职工 老人 孩子 学生 局长 干部 群众 市 书记 代表 委员 志愿者".split())


class Place(NamedTuple):
    start: int
    end: int
    region: Region | None      # None: a place that is none of ours


def level_fits(level: str, region: Region) -> bool:
    """Can a name that begins with 市 (县, 区, 省) be of a unit in `region`?"""
    if level == "省":
        return not region.city
    if level == "市":
        return not region.county or region.county.endswith("市")
    return level not in _LEVELS or not level or region.county.endswith(level)


def by_region(candidates: Sequence[Unit], level: str, region: Region) -> Unit | None:
    """The one candidate that a reader in `region` means; a county-level city has its own 市人民医院."""
    if not region.city and not region.county:
        return None
    pool = [u for u in candidates if level_fits(level, u.region)]
    if region.county:
        near = [u for u in pool if u.region.county == region.county]
        if not near and not (level == "市" and region.county.endswith("市")):
            near = [u for u in pool if not u.region.county and u.region.city == region.city]
    else:
        near = [u for u in pool if not u.region.county and u.region.city == region.city]
    return near[0] if len(near) == 1 else None


def stands_alone(before: str, level: str) -> bool:
    """Does a name that begins with `level` really begin there, or is it the tail of a longer one (高平|市人民医院)?

    `before`: some ten characters before the name, on the same line.
    """
    if not before or not "\u4e00" <= before[-1] <= "\u9fff":
        return True
    words = tag(before[-10:] + level)
    word, _ = words[-1]
    if len(word) > len(level):
        head = word[:len(word) - len(level)]
        return head in _FUNCTION or word in ("我市", "本市", "我县", "本县", "我区", "本区", "我省", "本省")
    if len(words) < 2:
        return True
    previous, kind = words[-2]
    if previous in _TITLES or previous in ("我", "本"):
        return True
    return kind not in ("ns", "nr", "nz", "nrt", "nrfg", "nt") and not previous.endswith(("大学", "学院", "省", "市", "县", "区", "州"))


def foreign_places(text: str, offset: int, own: Iterable[tuple[int, int]]) -> list[Place]:
    """Places in a stretch of text (at `offset` of the whole) that are not among our `own` spans."""
    own = list(own)
    places, at = [], offset
    words = tag(text)
    for number, (word, kind) in enumerate(words):
        start, end = at, at + len(word)
        at = end
        single = len(word) == 1 and word in "省市县" and number and words[number - 1][1] in ("ns", "nr", "nz") and len(words[number - 1][0]) >= 2
        if single:
            start -= len(words[number - 1][0])
        named = single or (len(word) >= 2 and word not in _NO_PLACE and (kind == "ns" or (len(word) >= 3 and word[-1] in "省市县州" and kind.startswith("n"))))
        if named and not word.endswith(("路", "街", "大道", "医院", "江", "河", "山", "湖")) and not any(a < end and start < b for a, b in own):
            places.append(Place(start, end, None))
    return places


def most_frequent(places: Iterable[Place]) -> Region | None:
    """The region named at least twice and more often than any other; places not ours count against it together by name."""
    counted = Counter(p.region for p in places)
    if not counted:
        return None
    (best, times), *rest = counted.most_common(2)
    if best is None or times < 2 or (rest and rest[0][1] == times):
        return None
    return best


_CREDIT = re.compile(r"(通讯员|供稿|供图|图/文|文/图|撰稿|摄影报道)")
_CONTRIBUTED = re.compile(r"^[\s:：)）]*(?:党办|办公室|宣传科|宣传部|宣传统战部|新闻中心)?[\s:：)）]*(?:供稿|供图|提供|图文|/图|文/)")
_CREDIT_LINE = re.compile(r"(?:通讯员|供稿|供图|供稿单位|作者单位|撰稿|作者)[:：\s|｜]*[^，。；]{0,18}$")


def role(folded: str, start: int, end: int) -> str:
    """mentioned, contributed (供稿) or correspondent (通讯员): read from the credit the name stands in."""
    line_start = folded.rfind("\n", 0, start) + 1
    before = folded[max(line_start, start - 24):start]
    after = folded[end:end + 10]
    if _CONTRIBUTED.match(after):
        return "contributed"
    credit = _CREDIT_LINE.search(before)
    if credit:
        return "correspondent" if "通讯员" in credit[0] else "contributed"
    if re.match(r"^[\s]*通讯员", after):
        return "correspondent"
    return "mentioned"


def by_line(bylines: Sequence[Person]) -> list[tuple[str, str]]:
    """(unit as printed, role) of the people of the byline who come from a unit."""
    roles = {"correspondent": "correspondent", "contributor": "contributed"}
    return [(fold(p.unit).text, roles[p.role]) for p in bylines if p.unit and p.role in roles]
