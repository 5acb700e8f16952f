"""The circular (通报) as an official paper after GB/T 9704-2012: what was handed in, what was taken, the ranking, who is under quota.

A paper of a period that is not closed, or without a number, says that it is a draft (送审稿).  Nothing with a fault is written.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from model.circular import Circular, CircularItem, UnitLine, require_sound
from model.credit import Shortfall

from dashboards import show
from dashboards.gbt9704 import Paper, chinese, clean

COUNTS = {"submitted": "报送", "adopted": "采用"}
_RED = RGBColor(0xC0, 0x00, 0x00)
_IMPRINT_CHARACTERS = 29            # of 14 pt in a line of 156 mm with one free on either side
_LISTED = 60                       # pieces of the centre and the province named in the paper; the workbook has all


def title_of(circular: Circular) -> str:
    return f"关于{circular.label}宣传信息报送和采用情况的通报"


def is_draft(circular: Circular) -> bool:
    return circular.state.open or not circular.letter.number


def write(circular: Circular, path: Path | str) -> None:
    """Write the file.  Raises DoesNotLeave when parts do not make totals or something is left to fill in."""
    require_sound(circular)
    paper = Paper()
    paper.document.core_properties.title = clean(title_of(circular))
    paper.document.core_properties.author = clean(circular.office or circular.bureau)
    _head(paper, circular)
    _handed_in(paper, circular)
    _taken(paper, circular)
    _ranking(paper, circular)
    _under(paper, circular)
    _demands(paper, circular)
    _foot(paper, circular)
    paper.document.save(str(path))


def _head(paper: Paper, circular: Circular) -> None:
    head = paper.document.styles.add_style("发文机关标志", WD_STYLE_TYPE.PARAGRAPH)
    head.base_style = paper.document.styles["Title"]
    name = clean(circular.letter.signer or circular.office or circular.bureau)
    head.font.size, head.font.color.rgb = Pt(max(16, min(32, 440 // max(1, len(name))))), _RED      # on one line of 156 mm
    head.paragraph_format.line_spacing = Pt(48)
    paper.add(name, "发文机关标志")
    paper.add(circular.letter.number or "（送审稿）", "期号")
    _line_under(paper, "C00000")
    paper.add("")
    title = paper.document.add_paragraph(f"关于{clean(circular.label)}", style="Title")
    title.add_run().add_break()
    title.add_run("宣传信息报送和采用情况的通报")
    if is_draft(circular) and circular.letter.number:
        paper.add("（送审稿）", "期号")
    paper.add("")
    _plain(paper, circular.letter.to or "各有关单位：")
    span = f"{_day(circular.first)}至{_day(circular.last)}"
    paper.add(f"现将{circular.label}（{span}）宣传信息报送、采用和得分情况通报如下。")
    if circular.state.open:
        paper.add(f"本期尚未结账，以下数字截至{show.minute(circular.made_at)}。")


def _handed_in(paper: Paper, circular: Circular) -> None:
    paper.add("一、报送情况", "Heading 1")
    none = [u.label for u in circular.units if not u.submitted]
    said = f"本期共收到报送{circular.submitted}条，其中经核实{sum(u.verified for u in circular.units)}条；各单位被采用{circular.total}篇"
    said += f"，合写稿件分别计入各单位，共{circular.total + circular.shared}篇次。" if circular.shared else "。"
    if circular.submitted and none:
        said += f"没有报送的单位：{'、'.join(none)}。"
    paper.add(said)
    rows: list[tuple[object, ...]] = [(u.group, u.label, u.submitted, u.verified, u.adopted) for u in circular.units]
    total = ("合计", f"{len(circular.units)}个单位", circular.submitted, sum(u.verified for u in circular.units), circular.total + circular.shared)
    paper.table(("分组", "单位", "报送", "核实", "采用"), [*rows, total], (34, 62, 20, 20, 20))


def _taken(paper: Paper, circular: Circular) -> None:
    paper.add("二、采用情况", "Heading 1")
    paper.add(f"{circular.label}，本系统稿件{circular.sentence()}")
    if circular.classes:
        held = [c for c in circular.classes if c.pieces] or list(circular.classes)
        rows: list[tuple[object, ...]] = [(c.name, c.pieces, sum(u.by_class.get(c.class_id, 0) for u in circular.units)) for c in held]
        paper.table(("类别", "篇数", "篇次"), [*rows, ("合计", circular.total, circular.total + circular.shared)], (76, 40, 40))
    for name, tiers in (("国家级和行业媒体采用", ("central", "industry")), ("省级媒体采用", ("provincial",))):
        items = [i for i in circular.high if i.tier in tiers]
        if not items:
            paper.add(f"{name}：无。")
            continue
        number = "一" if "国家" in name else "二"
        paper.add(f"（{number}）{name}{len(items)}篇", "Heading 2")
        paper.table(("序号", "标题", "媒体", "日期", "单位"), [_item(n, i, circular) for n, i in enumerate(items[:_LISTED], 1)], (14, 58, 28, 26, 30))
        if len(items) > _LISTED:
            paper.add(f"以上列出{_LISTED}篇，其余{len(items) - _LISTED}篇见随附的工作簿。")


def _item(number: int, item: CircularItem, circular: Circular) -> tuple[object, ...]:
    return number, item.title, item.outlet, _short_day(item.day), "、".join(circular.names.get(u, u) for u in item.units)


def _ranking(paper: Paper, circular: Circular) -> None:
    paper.add("三、得分和排名", "Heading 1")
    paper.add(f"按《{circular.scheme}》计分，单位为{circular.measure}；各组分别排名，得分相同的名次相同，其后名次顺延。")
    for number, (group, lines) in enumerate(circular.groups.items(), 1):
        paper.add(f"（{chinese(number)}）{group}", "Heading 2")
        rows: list[tuple[object, ...]] = [(_rank(u), u.label, u.adopted, show.points(u.piece_cents), show.points(u.other_cents), show.points(u.cents))
                                          for u in lines]
        paper.table(("名次", "单位", "采用", "稿件得分", "其他加减", "得分"), rows, (18, 54, 18, 24, 22, 22))
    other = [f"{u.label}：{words}。" for u in circular.units for words in u.other if not words.startswith(("任务扣分", "基础分"))]
    if other:
        paper.add("其他加减分说明（任务扣分见第四部分）：")
    for words in other:
        paper.add(words)


def _rank(line: UnitLine) -> int | str:
    if line.vetoed:
        return "否决"
    return line.rank if line.passed is not False else f"{line.rank}（不合格）"


def _under(paper: Paper, circular: Circular) -> None:
    paper.add("四、未完成任务的单位", "Heading 1")
    if not circular.shortfalls:
        paper.add("本期没有未完成任务的单位。")
        return
    rows: list[tuple[object, ...]] = [(circular.names.get(s.unit_id, s.unit_id), s.label, COUNTS[s.counts], s.needed, s.had, _taken_off(s))
                                      for s in circular.shortfalls]
    paper.table(("单位", "时段", "项目", "应完成", "完成", "扣分"), rows, (50, 36, 18, 18, 16, 18))


def _taken_off(short: Shortfall) -> str:
    return show.points(short.cents) if short.cents else "不扣分"


def _demands(paper: Paper, circular: Circular) -> None:
    if circular.letter.demands:
        paper.add("五、有关要求", "Heading 1")
        for words in circular.letter.demands:
            paper.add(words)


def _foot(paper: Paper, circular: Circular) -> None:
    paper.add("")
    paper.add(circular.letter.signer or circular.office or circular.bureau, "落款")
    paper.add(show.long_day(circular.made_at), "落款")
    lines = [(f"抄送：{'，'.join(circular.letter.copies_to)}。", "")] if circular.letter.copies_to else []
    lines.append((circular.office or circular.bureau, f"{show.long_day(circular.made_at)}印发"))
    _imprint(paper, lines)
    paper.add("", "表内")           # what a floating table hangs on


def _imprint(paper: Paper, lines: list[tuple[str, str]]) -> None:
    """版记: rules above and below, a thin one between, at the foot of the last page; 4号 with one character free on either side."""
    style = paper.document.styles.add_style("版记", WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = paper.document.styles["Normal"]
    style.font.size = Pt(14)
    form = style.paragraph_format
    form.line_spacing, form.left_indent, form.right_indent = Pt(24), Pt(14), Pt(14)
    form.tab_stops.add_tab_stop(Mm(155) - Pt(20), WD_TAB_ALIGNMENT.RIGHT)
    table = paper.document.add_table(rows=len(lines), cols=1)
    table.autofit = False
    properties = table._tbl.tblPr
    place = OxmlElement("w:tblpPr")
    printed = sum(-(-len(clean(left)) // _IMPRINT_CHARACTERS) if not right else 1 for left, right in lines)
    top = (Mm(297 - 35) - Pt(24.5) * printed) // Pt(1) * 20
    for key, value in (("vertAnchor", "page"), ("horzAnchor", "page"), ("tblpX", str(Mm(28) // Pt(1) * 20)), ("tblpY", str(top))):
        place.set(qn(f"w:{key}"), value)
    properties.insert_element_before(place, "w:tblOverlap", "w:tblW", "w:jc", "w:tblBorders", "w:tblLayout", "w:tblLook")
    borders = OxmlElement("w:tblBorders")
    for side, size in (("top", "8"), ("bottom", "8"), ("insideH", "4")):
        borders.append(_rule(side, size, "000000"))
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    for row, (left, right) in zip(table.rows, lines):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        row.cells[0].width = Mm(155)
        row.cells[0].paragraphs[0].style = "版记"
        row.cells[0].paragraphs[0].add_run(clean(left) + (f"\t{clean(right)}" if right else ""))


def _rule(side: str, size: str, colour: str) -> BaseOxmlElement:
    line = OxmlElement(f"w:{side}")
    for key, value in (("val", "single"), ("sz", size), ("space", "1"), ("color", colour)):
        line.set(qn(f"w:{key}"), value)
    return line


def _plain(paper: Paper, text: str) -> None:
    """A line from the left margin: 主送机关."""
    paper.add(text if text.endswith("：") else f"{text}：", "Normal")


def _line_under(paper: Paper, colour: str) -> None:
    """The red rule under the number."""
    borders = OxmlElement("w:pBdr")
    borders.append(_rule("bottom", "12", colour))
    properties = paper.document.paragraphs[-1]._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"


def _short_day(iso: str) -> str:
    return f"{int(iso[5:7])}月{int(iso[8:10])}日" if len(iso) == 10 else iso
