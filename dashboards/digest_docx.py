"""The digest as a Word file in the layout of GB/T 9704-2012, drawn block by block."""

from __future__ import annotations

from pathlib import Path

from model.digest import Digest

from dashboards import pdf
from dashboards.digest import require_sound
from dashboards.digest_paper import Draft, Figure, Grid, Heading, Text, draft
from dashboards.gbt9704 import Paper, chinese, clean

_chinese = chinese
_STYLES = {"body": "正文段", "lead": "正文段", "note": "按语", "as_of": "截至"}


def write(digest: Digest, path: Path | str) -> None:
    """Write the file.  Raises DoesNotAddUp when parts do not make totals."""
    require_sound(digest)
    write_draft(draft(digest), digest.office or digest.bureau, path)


def write_draft(made: Draft, author: str, path: Path | str) -> None:
    paper = Paper()
    paper.document.core_properties.title = clean("".join((made.title, *made.issue[:1])))
    paper.document.core_properties.author = clean(author)
    paper.add(made.marking, "密注")
    paper.add(made.title, "Title")
    paper.add("　".join(made.issue[::2]), "期号")
    for line in made.issue[1:2]:
        paper.add(line, "期号")
    drawn = iter(pdf.pngs([b.picture.svg for b in made.blocks if isinstance(b, Figure)]))
    for block in made.blocks:
        if isinstance(block, Heading):
            paper.add(block.text, f"Heading {block.level}")
        elif isinstance(block, Text):
            paper.add(block.text, _STYLES[block.kind])
        elif isinstance(block, Grid):
            paper.table(block.heads, list(block.rows), block.widths)
        else:
            paper.picture(next(drawn), block.picture.alt)
            paper.add(f"图：{block.picture.title}", "图名")
    paper.add("", "正文段")
    paper.add(made.signer, "落款")
    paper.add(made.date, "落款")
    paper.document.save(str(path))
