"""The digest as a Word file in the layout of GB/T 9704-2012, drawn block by block."""

from __future__ import annotations

from pathlib import Path

from model.digest import Digest

from dashboards import pdf
from dashboards.digest import require_sound
from dashboards.digest_paper import Draft, Figure, Grid, Heading, Text, draft
from dashboards.gbt9704 import Paper, clean
from dashboards.pictures import Picture

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
    drawn = _drawn([b.picture for b in made.blocks if isinstance(b, Figure)])
    for block in made.blocks:
        if isinstance(block, Heading):
            paper.add(block.text, f"Heading {block.level}")
        elif isinstance(block, Text):
            paper.add(block.text, _STYLES[block.kind])
        elif isinstance(block, Grid):
            paper.table(block.heads, list(block.rows), block.widths)
        else:
            _figure(paper, block.picture, drawn)
    paper.add("", "正文段")
    paper.add(made.signer, "落款")
    paper.add(made.date, "落款")
    paper.document.save(str(path))


def _drawn(held: list[Picture]) -> dict[str, bytes]:
    """By name; nothing where the machine has no font to draw them with."""
    try:
        return dict(zip((p.name for p in held), pdf.pngs([p.svg for p in held])))
    except pdf.NoChineseFont:
        return {}


def _figure(paper: Paper, held: Picture, drawn: dict[str, bytes]) -> None:
    """The picture, or the table of its numbers where it could not be drawn."""
    if held.name in drawn:
        paper.picture(drawn[held.name], held.alt)
        paper.add(f"图：{held.title}", "图名")
    else:
        paper.add(f"表：{held.title}", "图名")
        paper.table(held.heads, list(held.rows), (156 // len(held.heads),) * len(held.heads))
