"""Word papers in the layout of GB/T 9704-2012, with real styles, so that the office can go on editing them.

Official fonts are named; the font table names free fallbacks for machines that have none of them.
"""

from __future__ import annotations

import io
import re
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from lxml import etree

from dashboards import show

TITLE, BLACK, KAI, BODY, SONG = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", "宋体"
_FALLBACKS = {
    TITLE: "FZXiaoBiaoSong-B05S;华文中宋;Noto Serif CJK SC;思源宋体", BLACK: "SimHei;Noto Sans CJK SC;思源黑体",
    KAI: "楷体;KaiTi;AR PL UKai CN;Noto Serif CJK SC", BODY: "仿宋;FangSong;Noto Serif CJK SC;思源宋体", SONG: "SimSun;Noto Serif CJK SC;思源宋体",
}


def clean(text: str) -> str:
    """Text that XML can hold, on one line; full-width spaces inside it are set by hand (张　三, blanks to fill in) and stay."""
    return re.sub(r"[^\S\u3000]+", " ", show.printable(text)).strip()


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
        _dress(self._style("表注"), KAI, 10.5, spacing=15)
        _dress(self._style("截至"), KAI, 12, spacing=20, indent=True)
        _dress(self._style("图名"), BLACK, 12, spacing=20, centred=True)
        _dress(self._style("按语"), KAI, 16, spacing=28, indent=True)
        _dress(self._style("插图"), BODY, 12, spacing=18, centred=True)
        styles["插图"].paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        styles["插图"].paragraph_format.space_before = Pt(6)
        styles["插图"].paragraph_format.keep_with_next = True
        _dress(self._style("落款"), BODY, 16, spacing=28)
        styles["落款"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        styles["落款"].paragraph_format.right_indent = Pt(64)
        self._ids = {name: styles[name].style_id for name in ("表内", "表注")}
        self._fallbacks()
        self._page_numbers()

    def _style(self, name: str):
        made = self.document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = self.document.styles["Normal"]
        return made

    def add(self, text: str, style: str = "正文段") -> None:
        self.document.add_paragraph(clean(text), style=style)

    def table(self, heads: tuple[str, ...], rows: list[tuple[object, ...]], widths: tuple[int, ...]) -> None:
        """`widths` in millimetres; numbers stand to the right; the head is repeated on every page, no row is cut by one.

        A cell may be a tuple of lines: the first as it is, the others smaller below it.
        """
        grid = "".join(f'<w:gridCol w:w="{Mm(w).twips}"/>' for w in widths)
        lines = [self._row(heads, widths, head=True), *(self._row(row, widths) for row in rows)]
        self.document.element.body.insert_element_before(parse_xml(
            f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(Mm(w).twips for w in widths)}" w:type="dxa"/>'
            f'<w:jc w:val="center"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(lines)}</w:tbl>'),
            "w:sectPr")

    def _row(self, values: tuple[object, ...], widths: tuple[int, ...], head: bool = False) -> str:
        cells = "".join(f'<w:tc><w:tcPr><w:tcW w:w="{Mm(width).twips}" w:type="dxa"/></w:tcPr>{self._cell(value, head)}</w:tc>'
                        for value, width in zip(values, widths))
        return f'<w:tr><w:trPr><w:cantSplit/>{"<w:tblHeader/>" if head else ""}</w:trPr>{cells}</w:tr>'

    def _cell(self, value: object, head: bool) -> str:
        lines = value if isinstance(value, tuple) else (value,)
        number = isinstance(value, int) or isinstance(value, str) and re.fullmatch(r"-?\d+\.\d+%?", value)
        side = "center" if head else "right" if number else "left"
        made = []
        for at, line in enumerate(lines):
            style = self._ids["表注" if at else "表内"]
            text = escape(clean(str(line)))
            made.append(f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{"<w:keepNext/>" if head or at + 1 < len(lines) else ""}<w:jc w:val="{side}"/></w:pPr>'
                        f'<w:r>{"<w:rPr><w:b/></w:rPr>" if head else ""}<w:t xml:space="preserve">{text}</w:t></w:r></w:p>')
        return "".join(made)

    def picture(self, png: bytes, alt: str, width_mm: float = 152) -> None:
        """A picture in a line of its own, with words for those who cannot see it."""
        paragraph = self.document.add_paragraph(style="插图")
        shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(width_mm))
        shape._inline.docPr.set("descr", clean(alt))

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


def chinese(number: int) -> str:
    """`十二` for 12; below a hundred."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return digits[ones] if not tens else ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")
