"""The digest as a Word file in the layout of GB/T 9704-2012, with real styles.

Official fonts are named; the font table names free fallbacks for machines that have none of them.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from lxml import etree
from model.digest import Digest, DigestItem

from dashboards import show
from dashboards.digest import require_sound, scored, unconfirmed

TITLE, BLACK, KAI, BODY, SONG = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", "宋体"
_FALLBACKS = {
    TITLE: "FZXiaoBiaoSong-B05S;华文中宋;Noto Serif CJK SC;思源宋体", BLACK: "SimHei;Noto Sans CJK SC;思源黑体",
    KAI: "楷体;KaiTi;AR PL UKai CN;Noto Serif CJK SC", BODY: "仿宋;FangSong;Noto Serif CJK SC;思源宋体", SONG: "SimSun;Noto Serif CJK SC;思源宋体",
}


def clean(text: str) -> str:
    """Text that XML can hold, on one line."""
    return " ".join(show.printable(text).split())


class Paper:
    """The document while it is written: styles made once, text put in by style name."""

    def __init__(self) -> None:
        self.document = Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.left_margin, section.bottom_margin, section.right_margin = Mm(37), Mm(28), Mm(35), Mm(26)
        section.footer_distance = Mm(28)
        styles = self.document.styles
        _dress(styles["Normal"], BODY, 16, spacing=28)
        _dress(styles["Title"], TITLE, 22, spacing=36, centred=True)
        _dress(styles["Heading 1"], BLACK, 16, spacing=28, indent=True)
        _dress(styles["Heading 2"], KAI, 16, spacing=28, indent=True)
        _dress(styles["Footer"], SONG, 14, spacing=20)
        _dress(self._style("正文段"), BODY, 16, spacing=28, indent=True)
        _dress(self._style("期号"), BODY, 14, spacing=24, centred=True)
        _dress(self._style("密注"), BLACK, 14, spacing=24)
        _dress(self._style("表内"), BODY, 12, spacing=18)
        _dress(self._style("落款"), BODY, 16, spacing=28)
        styles["落款"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        styles["落款"].paragraph_format.right_indent = Pt(64)
        self._fallbacks()
        self._page_numbers()

    def _style(self, name: str):
        made = self.document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = self.document.styles["Normal"]
        return made

    def add(self, text: str, style: str = "正文段") -> None:
        self.document.add_paragraph(clean(text), style=style)

    def table(self, heads: tuple[str, ...], rows: list[tuple[object, ...]], widths: tuple[int, ...]) -> None:
        """`widths` in millimetres; numbers stand to the right; the head is repeated on every page."""
        table = self.document.add_table(rows=1, cols=len(heads), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for column, width in zip(table.columns, widths):
            column.width = Mm(width)
        repeat = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(repeat)
        self._fill(table.rows[0].cells, heads, widths, bold=True)
        for row in rows:
            made = table.add_row()
            made._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            self._fill(made.cells, row, widths)

    def _fill(self, cells, values: tuple[object, ...], widths: tuple[int, ...], bold: bool = False) -> None:
        for cell, value, width in zip(cells, values, widths):
            cell.width = Mm(width)
            paragraph = cell.paragraphs[0]
            paragraph.style = self.document.styles["表内"]
            number = isinstance(value, int) or isinstance(value, str) and re.fullmatch(r"-?\d+\.\d\d", value)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if bold else WD_ALIGN_PARAGRAPH.RIGHT if number else WD_ALIGN_PARAGRAPH.LEFT
            paragraph.add_run(clean(str(value))).bold = bold

    def _page_numbers(self) -> None:
        """`— 1 —` in 4号 宋体, in the middle."""
        paragraph = self.document.sections[0].footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run("— ")
        for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("text", "1"), ("end", "")):
            run = paragraph.add_run(text if kind == "text" else "")
            if kind in ("begin", "separate", "end"):
                mark = OxmlElement("w:fldChar")
                mark.set(qn("w:fldCharType"), kind)
                run._r.append(mark)
            elif not kind:
                code = OxmlElement("w:instrText")
                code.set(qn("xml:space"), "preserve")
                code.text = f" {text} "
                run._r.append(code)
        paragraph.add_run(" —")

    def _fallbacks(self) -> None:
        part = next(p for p in self.document.part.package.iter_parts() if str(p.partname).endswith("/fontTable.xml"))
        fonts = etree.fromstring(part.blob)
        for name, others in _FALLBACKS.items():
            for old in fonts.findall(qn("w:font")):
                if old.get(qn("w:name")) == name:
                    fonts.remove(old)
            font = etree.SubElement(fonts, qn("w:font"))
            font.set(qn("w:name"), name)
            etree.SubElement(font, qn("w:altName")).set(qn("w:val"), others)
            etree.SubElement(font, qn("w:charset")).set(qn("w:val"), "86")
            etree.SubElement(font, qn("w:family")).set(qn("w:val"), "modern" if name == BLACK else "roman")
            etree.SubElement(font, qn("w:pitch")).set(qn("w:val"), "default")
        part._blob = etree.tostring(fonts, xml_declaration=True, encoding="UTF-8", standalone=True)


def _dress(style, font: str, size: float, spacing: float, indent: bool = False, centred: bool = False) -> None:
    style.font.name, style.font.size, style.font.color.rgb = "Times New Roman", Pt(size), RGBColor(0, 0, 0)
    style.font.bold = style.font.italic = False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hint"), "eastAsia")
    language = style.element.rPr.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        style.element.rPr.append(language)
    language.set(qn("w:val"), "zh-CN")
    language.set(qn("w:eastAsia"), "zh-CN")
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(spacing)
    form.first_line_indent = Pt(size * 2) if indent else Pt(0)
    form.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else None
    borders = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if borders is not None:
        borders.getparent().remove(borders)


def write(digest: Digest, path: Path | str) -> None:
    """Write the file.  Raises DoesNotAddUp when parts do not make totals."""
    require_sound(digest)
    paper = Paper()
    paper.document.core_properties.title = clean(f"{digest.bureau}舆情剪报周报{digest.number}")
    paper.document.core_properties.author = clean(digest.office or digest.bureau)
    paper.add("内部资料 注意保存", "密注")
    paper.add(f"{digest.bureau}舆情剪报周报", "Title")
    paper.add("　".join(filter(None, (digest.number, digest.office))), "期号")
    _overview(paper, digest)
    _incidents(paper, digest)
    _items(paper, digest)
    _standings(paper, digest)
    _coverage(paper, digest)
    paper.add("")
    paper.add(digest.office or digest.bureau, "落款")
    paper.add(show.long_day(digest.made_at), "落款")
    paper.document.save(str(path))


def _overview(paper: Paper, digest: Digest) -> None:
    paper.add("一、总体情况", "Heading 1")
    last = digest.until - timedelta(days=1)
    doubt = f"（有{unconfirmed(digest)}篇首发未确认）" if unconfirmed(digest) else ""
    paper.add(f"{show.long_day(digest.since)}至{show.long_day(last)}，监测到各媒体刊发涉及本系统稿件{digest.total}篇（上期{digest.previous_total}篇），"
              f"其中首发{digest.firsts}篇、转载{digest.reposts}篇{doubt}。自有平台发布{digest.own_total}篇，另计。舆情事件{len(digest.incidents)}起。")
    if digest.classes:
        rows: list[tuple[object, ...]] = [(c.name, c.pieces, c.firsts, c.reposts) for c in digest.classes]
        paper.table(("类别", "篇数", "首发", "转载"), [*rows, ("合计", digest.total, digest.firsts, digest.reposts)], (66, 30, 30, 30))


def _incidents(paper: Paper, digest: Digest) -> None:
    paper.add("二、舆情事件", "Heading 1")
    if not digest.incidents:
        paper.add("本期没有需要处置的舆情事件。")
        return
    rows: list[tuple[object, ...]] = [
        (i.level.label, i.title, "、".join(digest.unit_names.get(u, u) for u in i.units), i.outlets, i.articles, i.state.label)
        for i in digest.incidents]
    paper.table(("等级", "事件", "涉及单位", "媒体", "稿件", "状态"), rows, (26, 55, 30, 14, 14, 17))


def _items(paper: Paper, digest: Digest) -> None:
    paper.add("三、稿件清单", "Heading 1")
    if not digest.items:
        paper.add("本期没有稿件。")
    groups = [(f"{c.name}（{c.pieces}篇）", [i for i in digest.items if i.class_id == c.class_id]) for c in digest.classes if c.pieces]
    if digest.own_items:
        groups.append((f"自有平台（{digest.own_total}篇，不计入合计）", list(digest.own_items)))
    for number, (name, items) in enumerate(groups, 1):
        paper.add(f"（{_chinese(number)}）{name}", "Heading 2")
        rows: list[tuple[object, ...]] = [
            (n, i.title, _place(i), show.digest_day(i.published, "day"), _standing(i)) for n, i in enumerate(items, 1)]
        paper.table(("序号", "标题", "媒体", "日期", "首发/转载"), rows, (14, 62, 28, 26, 26))


def _place(item: DigestItem) -> str:
    return item.outlet + (f" 第{item.page_no}版" if item.page_no else "")


def _standing(item: DigestItem) -> str:
    return (item.first_label or "—") + (f"，共{item.copies}篇" if item.copies > 1 else "")


def _chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return digits[ones] if not tens else ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


def _standings(paper: Paper, digest: Digest) -> None:
    paper.add("四、单位积分（本期记账）", "Heading 1")
    rows: list[tuple[object, ...]] = [(s.group, s.rank or "否决", digest.unit_names.get(s.unit_id, s.unit_id), s.pieces, show.points(s.cents))
                                      for s in scored(digest)]
    if rows:
        paper.table(("分组", "名次", "单位", "篇数", "得分"), rows, (32, 16, 66, 20, 22))
    else:
        paper.add("本期没有记账。")


def _coverage(paper: Paper, digest: Digest) -> None:
    held = digest.coverage
    paper.add("五、采集覆盖", "Heading 1")
    paper.add(f"应读媒体{held.outlets}家，本期起读到{held.read}家。久无新稿：{show.joined(held.silent, '无')}。采集失败或未读到：{show.joined(held.failed, '无')}。"
              f"处理出错被隔离的页面{held.quarantined}个。采集状态截至{show.minute(held.as_of)}。")
