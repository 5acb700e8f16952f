"""The facts of a text that tell one bulletin from the next: figures, dates, places; and whether two aligned texts agree in them."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from analysis.differences import Block

_FIGURE = re.compile(r"\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+(?=[例名人岁天日月年个起件次条家位级万亿元])")
_HAN_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_DATE_AFTER = frozenset("年月日时点号")
_PROVINCES = (
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 "
    "内蒙古 广西 西藏 宁夏 新疆 香港 澳门 兵团").split()
_CITIES = (
    "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 太原 大同 长治 晋城 临汾 运城 呼和浩特 包头 赤峰 沈阳 大连 鞍山 锦州 长春 吉林市 哈尔滨 "
    "齐齐哈尔 大庆 南京 无锡 徐州 常州 苏州 南通 扬州 镇江 盐城 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 台州 合肥 芜湖 蚌埠 安庆 阜阳 福州 厦门 泉州 漳州 莆田 "
    "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶 济南 青岛 淄博 烟台 潍坊 济宁 临沂 郑州 开封 洛阳 南阳 信阳 武汉 黄石 十堰 宜昌 襄阳 荆州 黄冈 "
    "孝感 长沙 株洲 湘潭 衡阳 岳阳 常德 广州 深圳 珠海 汕头 佛山 东莞 中山 惠州 湛江 南宁 柳州 桂林 北海 海口 三亚 成都 绵阳 自贡 泸州 南充 贵阳 遵义 昆明 "
    "曲靖 大理 拉萨 西安 宝鸡 咸阳 延安 兰州 白银 天水 西宁 银川 乌鲁木齐").split()
_PLACE = re.compile("|".join(sorted((*_PROVINCES, *_CITIES), key=len, reverse=True)))
_RELATIVE_DAY = re.compile("今天|今日|今晚|今晨|今早|昨天|昨日|昨晚|今起|即日")


@dataclass(frozen=True)
class Figure:
    start: int
    end: int
    value: str
    date: bool


@dataclass(frozen=True)
class Agreement:
    """How two aligned texts stand in their facts: figures equal and unequal at the same place of the text, places swapped."""

    agreed: int = 0
    conflicts: tuple[tuple[str, str], ...] = ()        # figures
    dates: tuple[tuple[str, str], ...] = ()            # figures that are part of a date
    places: tuple[tuple[str, str], ...] = ()

    @property
    def ratio(self) -> float:
        """Share of the compared figures that differ, 0 where none is compared."""
        differing = len(self.conflicts) + len(self.dates)
        return differing / (differing + self.agreed) if differing else 0.0


def _value(token: str) -> str:
    if token[0] not in _HAN_DIGITS and token[0] not in "十百千":
        return token.lstrip("0") or "0"
    total, digit = 0, 0
    for character in token:
        if character in _HAN_DIGITS:
            digit = _HAN_DIGITS[character]
        else:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
    return str(total + digit)


def figures(text: str) -> list[Figure]:
    """The numbers of a comparison form, Arabic or Han before a measure word."""
    found = []
    for match in _FIGURE.finditer(text):
        after = text[match.end():match.end() + 1]
        found.append(Figure(match.start(), match.end(), _value(match.group()), after in _DATE_AFTER and after != ""))
    return found


def places(text: str) -> set[str]:
    """Provinces and larger cities named."""
    return set(_PLACE.findall(text))


def relative_days(text: str) -> bool:
    return _RELATIVE_DAY.search(text) is not None


def agreement(a: str, b: str, blocks: list[Block], figures_a: list[Figure], figures_b: list[Figure]) -> Agreement:
    """Compare the figures that stand at the same place of two aligned texts.

    A figure's place is fixed by the shared passage that ends right before it or begins right after it.
    """
    starts = [x.i for x in blocks]
    starting = {f.start: f for f in figures_b}
    ending = {f.end: f for f in figures_b}

    def opposite(offset: int) -> int | None:
        k = bisect_right(starts, offset) - 1
        if k >= 0 and offset < blocks[k].i + blocks[k].length:
            return blocks[k].j + offset - blocks[k].i
        return None

    agreed, conflicts, dates = 0, [], []
    for mine in figures_a:
        before = opposite(mine.start - 1) if mine.start else None
        behind = opposite(mine.end) if mine.end < len(a) else None
        first = starting.get(before + 1) if before is not None else None
        second = ending.get(behind) if behind is not None else None
        theirs = [f for f in (first, second) if f is not None]
        if not theirs:
            continue
        if any(f.value == mine.value for f in theirs):
            agreed += 1
        elif mine.date or theirs[0].date:
            dates.append((mine.value, theirs[0].value))
        else:
            conflicts.append((mine.value, theirs[0].value))
    swapped = []
    for x, y in zip(blocks, blocks[1:]):
        gap_a, gap_b = a[x.i + x.length:y.i], b[x.j + x.length:y.j] if y.j >= x.j + x.length else ""
        if 0 < len(gap_a) <= 24 and 0 < len(gap_b) <= 24:
            mine, theirs = places(gap_a), places(gap_b)
            if mine and theirs and not mine & theirs:
                swapped.append(("、".join(sorted(mine)), "、".join(sorted(theirs))))
    return Agreement(agreed, tuple(conflicts), tuple(dates), tuple(swapped))
