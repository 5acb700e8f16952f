"""Where the table begins: the row (or two rows) of headings, moved, merged or renamed as they may be."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from pipelines.intake.grid import Grid

LOOKED = 60                        # rows from the top among which headings are sought
_EXACT = {
    "number": ("序号", "编号", "序", "no", "项次", "号"),
    "title": (
        "稿件标题",
        "标题",
        "题目",
        "新闻标题",
        "文章标题",
        "稿件名称",
        "稿件题目",
        "信息标题",
        "报道标题",
        "宣传标题",
        "篇名",
        "作品名称",
        "名称",
        "稿件",
        "新闻名称",
        "宣传内容",
        "报道题目",
    ),
    "day": (
        "发布时间",
        "发布日期",
        "刊发时间",
        "刊播时间",
        "刊登时间",
        "刊登日期",
        "刊发日期",
        "发表时间",
        "发表日期",
        "采用时间",
        "见报日期",
        "见报时间",
        "播出时间",
        "播出日期",
        "报道时间",
        "时间",
        "日期",
        "刊载时间",
    ),
    "outlet": (
        "发布媒体",
        "媒体名称",
        "媒体",
        "刊发媒体",
        "采用媒体",
        "刊登媒体",
        "发布平台",
        "平台",
        "刊物名称",
        "报刊名称",
        "刊播媒体",
        "报道媒体",
        "媒体及栏目",
        "发布媒介",
        "载体",
        "发表刊物",
        "刊发平台",
        "刊载媒体",
    ),
    "link": (
        "发布网址",
        "网址",
        "链接",
        "发布链接",
        "网页链接",
        "url",
        "链接地址",
        "原文链接",
        "网络链接",
        "稿件链接",
        "新闻链接",
        "地址",
        "网址链接",
    ),
    "kind": ("类型", "形式", "稿件类型", "体裁", "稿件形式", "宣传形式"),
    "page_no": ("版次", "版面", "栏目版面"),
    "people": ("作者", "通讯员", "撰稿人", "供稿人", "作者姓名", "撰稿", "供稿", "撰写人"),
    "note": ("备注", "说明", "佐证材料", "佐证"),
}
_HOLDS = (                         # in order: the first that is in the heading decides
    ("link", re.compile(r"链接|网址|url|http", re.I)), ("number", re.compile(r"^序号")),
    ("", re.compile(r"(?:媒体|平台)(?:级别|类别|类型|层级|性质|分类)|级别|联系|电话|单位")),
    ("title", re.compile(r"标题|题目|篇名|稿件名")), ("day", re.compile(r"(?:发布|刊发|刊登|刊播|发表|采用|播出|见报|报道|上稿|刊载).{0,4}(?:时间|日期)|^(?:时间|日期)")),
    ("outlet", re.compile(r"媒体|报刊|刊物|平台|媒介")), ("page_no", re.compile(r"版次|版面")), ("people", re.compile(r"作者|通讯员|撰稿|供稿人")),
    ("note", re.compile(r"备注")),
)
_LONGEST = 30                      # of a heading with its brackets


@dataclass(frozen=True)
class Headings:
    """`columns`: field → column from 0; `first`: the first row of the data, from 0; `printed`: field → heading."""

    columns: dict[str, int]
    row: int
    first: int
    printed: dict[str, str]


def plain(text: str) -> str:
    """A heading without blanks, brackets' content and marks."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"\s+|[*:：]", "", text).lower()
    return re.sub(r"[(（\[【][^)）\]】]{0,40}[)）\]】]?", "", text) or re.sub(r"[()（）\[\]【】]", "", text)


def meaning(text: str) -> tuple[str, int]:
    """(field, sureness 2 exact, 1 likely), ("", 0) for none."""
    if not text or len(text) > _LONGEST:
        return "", 0
    name = plain(text)
    for field, names in _EXACT.items():
        if name in names:
            return field, 2
    for field, sign in _HOLDS:
        if sign.search(name):
            return field, 1 if field else 0
    return "", 0


def find(grid: Grid) -> Headings | None:
    """The headings of a sheet: title and at least one of outlet, day, link; None when there are none."""
    best: tuple[float, Headings] | None = None
    for row in range(min(len(grid.rows), LOOKED)):
        for height in (1, 2, 3):
            found = _read(grid, row, height)
            if found is None:
                continue
            score = found[0] - 0.3 * (height - 1) - 0.01 * row
            if best is None or score > best[0]:
                best = (score, found[1])
    return best[1] if best else None


def _read(grid: Grid, row: int, height: int) -> tuple[float, Headings] | None:
    if row + height > len(grid.rows):
        return None
    width = max((len(grid.rows[row + n]) for n in range(height)), default=0)
    chosen: dict[str, tuple[int, int, str]] = {}
    for column in range(width):
        texts = list(dict.fromkeys(grid.at(row + n, column).text for n in range(height) if grid.at(row + n, column).text))
        options = [(*meaning(t), t) for t in reversed(texts)] + ([(*meaning("".join(texts)), "".join(texts))] if len(texts) > 1 else [])
        field, sure, text = max(options, key=lambda o: o[1], default=("", 0, ""))
        if field and (field not in chosen or sure > chosen[field][1]):
            chosen[field] = (column, sure, text)
    for n in range(height):                      # a row of data below the headings is no second row of headings
        line = [grid.at(row + n, c).text for c in range(width)]
        if n and not any(meaning(t)[0] for t in line):
            return None
    named = {f for f in chosen if f != "number"}
    if "title" not in named or len(named & {"day", "outlet", "link"}) < 1:
        return None
    columns = [c for c, _, _ in chosen.values()]
    if len(set(columns)) != len(columns):
        return None
    score = sum(sure + (1 if f in ("title", "day", "outlet", "link") else 0) for f, (_, sure, _) in chosen.items())
    return score, Headings({f: c for f, (c, _, _) in chosen.items()}, row, row + height, {f: t for f, (_, _, t) in chosen.items()})
