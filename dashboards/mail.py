"""The digest as a mail: one column, tables and inline styles alone, so that a phone and an old client both show it; no script, no
outside picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from model.digest import Digest

from dashboards import show
from dashboards.digest import require_sound
from dashboards.digest_paper import Block, Draft, Figure, Grid, Heading, Text, as_of, draft, summary

LISTED = 40                        # pieces of a class; the files have all
_BARS = 16                         # bars of a picture
_TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates" / "print"), autoescape=True, undefined=StrictUndefined,
                         trim_blocks=True, lstrip_blocks=True)
_TEMPLATES.filters["printable"] = lambda value: show.printable(str(value))


@dataclass(frozen=True)
class Bar:
    name: str
    value: int
    width: int                     # per cent of the longest


def html(digest: Digest, address: str = "") -> str:
    """The mail; `address` is where our pages are reached (log-in stands before them), "" leaves its links out."""
    require_sound(digest)
    return drawn(draft(digest), address, digest.span.key if digest.span else "")


def drawn(made: Draft, address: str, key: str) -> str:
    return _TEMPLATES.get_template("mail.html").render(made=made, blocks=[_block(b) for b in made.blocks], address=address.rstrip("/"),
        key=key, listed=LISTED)


def _block(block: Block) -> dict[str, object]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.text}
    if isinstance(block, Text):
        return {"kind": block.kind, "text": block.text}
    if isinstance(block, Figure):
        return {"kind": "bars", "title": block.picture.title, "bars": bars(block)}
    assert isinstance(block, Grid)
    return {"kind": "list" if block.name.startswith("items-") else "grid", "grid": block}


def bars(figure: Figure) -> list[Bar]:
    """The picture's sums, one bar a mark of its axis; of a long axis the last ones."""
    chart = figure.picture.chart
    sums = [sum(series["data"][n] for series in chart["series"]) for n in range(len(chart["axis"]))]
    most = max(sums, default=0) or 1
    made = [Bar(str(name), value, round(value * 100 / most)) for name, value in zip(chart["axis"], sums)]
    return made[-_BARS:]


def text(digest: Digest, most_bytes: int = 1800) -> str:
    """For a chat robot: the week in numbers, the gravest events, where to read on."""
    lines = [summary(digest), *(f"【{e.incident.level.roman}级】{e.incident.title}（{e.incident.state.label}）" for e in digest.events[:5]),
        as_of(digest)]
    said = "\n".join(lines)
    while len(said.encode()) > most_bytes:
        said = said[:-20].rstrip("…") + "…"
    return said
