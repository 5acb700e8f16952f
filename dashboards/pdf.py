"""PDF and pictures typeset by Typst: offline, with the fonts of the machine embedded, lines broken as Chinese wants it, drawings kept as vectors.

What is printed is handed over as data, never as markup: outside text cannot be read as commands.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import typst
from docx.image.image import Image

from dashboards import show

_HERE = Path(__file__).parent / "templates" / "print"
DPI = 300


def typeset(template: str, data: Mapping[str, object], pictures: Mapping[int, bytes] | None = None) -> bytes:
    """The PDF that `templates/print/<template>.typ` makes of `data` (anything JSON takes); `pictures`: PNG or JPEG, each under a number."""
    held = {str(k): _framed(v) for k, v in (pictures or {}).items()}
    return typst.compile((_HERE / f"{template}.typ").read_bytes(), format="pdf", sys_inputs={"data": _json({**data, "pictures": held})})


def _framed(picture: bytes) -> str:
    """A PNG or JPEG inside an SVG, for data is handed over as text."""
    held = Image.from_blob(picture)
    whole = f'width="{held.px_width}" height="{held.px_height}"'
    kind, body = held.content_type, base64.b64encode(picture).decode()
    return (f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 {held.px_width} {held.px_height}" {whole}>'
            f'<image {whole} xlink:href="data:{kind};base64,{body}"/></svg>')


def pngs(svgs: Sequence[str], width_mm: int = 152) -> list[bytes]:
    """Each drawing at 300 dots an inch and that width."""
    if not svgs:
        return []
    made = typst.compile((_HERE / "pictures.typ").read_bytes(), format="png", ppi=DPI, sys_inputs={"data": _json({"width": width_mm, "svgs": list(svgs)})})
    return made if isinstance(made, list) else [made]


def _json(data: object) -> str:
    return show.printable(json.dumps(data, ensure_ascii=False))
