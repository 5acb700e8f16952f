"""A paper of the duty room as a Word file in the layout of GB/T 9704-2012."""

from __future__ import annotations

import io

from docx.text.paragraph import Paragraph

from dashboards import show
from dashboards.gbt9704 import Paper, clean
from dashboards.papers import MARKING, CasePaper, Grid, Heading


def write(made: CasePaper) -> bytes:
    paper = Paper()
    paper.document.core_properties.title = clean(f"{made.title}{''.join(made.issue[:1])}")
    paper.document.core_properties.author = clean(made.signer)
    paper.add(MARKING, "密注")
    paper.add(made.title, "Title")
    for line in made.issue:
        paper.add(line, "期号")
    for block in made.blocks:
        if isinstance(block, Heading):
            paper.add(block.text, "Heading 1")
        elif isinstance(block, Grid):
            paper.table(block.heads, list(block.rows), block.widths)
            if block.form:
                _as_form(paper)
        else:
            paper.add(block.text + block.link)
    if made.signed:
        _hold_last(paper)
        for text, style in (("", "正文段"), (made.signer, "落款"), (made.date, "落款")):
            paper.add(text, style)
            paper.document.paragraphs[-1].paragraph_format.keep_with_next = text != made.date
    packed = io.BytesIO()
    paper.document.save(packed)
    return packed.getvalue()


def _hold_last(paper: Paper) -> None:
    """Signer and date never stand on a page without text: what is before them goes along."""
    last = paper.document.element.body[-2]
    for line in last.xpath(".//w:tr[last()]//w:p") if last.tag.endswith("}tbl") else [last]:
        Paragraph(line, paper.document).paragraph_format.keep_with_next = True


def _as_form(paper: Paper) -> None:
    """A form has no head row, and every line of a cell weighs the same; only addresses stay small."""
    table = paper.document.tables[-1]
    table._tbl.remove(table.rows[0]._tr)
    for row in table.rows:
        for line in row.cells[1].paragraphs:
            if not show.web_address(line.text):
                line.style = paper.document.styles["表内"]
