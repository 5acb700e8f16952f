"""A paper of the duty room as a Word file in the layout of GB/T 9704-2012."""

from __future__ import annotations

import io

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
            paper.table(block.heads if not block.form else ("项　目", "内　容"), list(block.rows), block.widths)
        else:
            paper.add(block.text + block.link)
    paper.add("")
    paper.add(made.signer, "落款")
    paper.add(made.date, "落款")
    packed = io.BytesIO()
    paper.document.save(packed)
    return packed.getvalue()
