"""The digest as a PDF, drawn block by block; pictures stay vectors."""

from __future__ import annotations

from pathlib import Path

from model.digest import Digest

from dashboards import pdf
from dashboards.digest import require_sound
from dashboards.digest_paper import Block, Draft, Grid, Heading, Text, draft


def write(digest: Digest, path: Path | str) -> None:
    """Write the file.  Raises DoesNotAddUp when parts do not make totals."""
    require_sound(digest)
    Path(path).write_bytes(made(draft(digest), digest.office or digest.bureau))


def made(paper: Draft, author: str) -> bytes:
    return pdf.typeset("digest", {
        "title": paper.title, "author": author, "marking": paper.marking, "issue": list(paper.issue), "signer": paper.signer,
        "date": paper.date,
        "blocks": [_block(b) for b in paper.blocks]})


def _block(block: Block) -> dict[str, object]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.text}
    if isinstance(block, Text):
        return {"kind": block.kind if block.kind in ("as_of", "note") else "text", "text": block.text}
    if isinstance(block, Grid):
        return {"kind": "grid", "heads": block.heads, "rows": block.rows, "widths": block.widths, "total": block.total}
    return {"kind": "figure", "svg": block.picture.svg, "alt": block.picture.alt, "title": block.picture.title}
