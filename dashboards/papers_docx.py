"""A paper of the duty room as a Word file in the layout of GB/T 9704-2012."""

from __future__ import annotations

import io

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
                _level(paper)
        else:
            paper.add(block.text + block.link)
    if made.signed:
        paper.add("")
        paper.add(made.signer, "落款")
        paper.add(made.date, "落款")
    packed = io.BytesIO()
    paper.document.save(packed)
    return packed.getvalue()


def _level(paper: Paper) -> None:
    """In a form every line of a cell weighs the same; only addresses stay small."""
    for row in paper.document.tables[-1].rows:
        for line in row.cells[1].paragraphs:
            if not show.web_address(line.text):
                line.style = paper.document.styles["表内"]
