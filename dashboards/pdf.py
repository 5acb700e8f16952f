"""PDF and pictures typeset by Typst: offline, with the fonts of the machine embedded, lines broken as Chinese wants it, drawings kept as
vectors.

What is printed is handed over as data, never as markup: outside text cannot be read as commands.
"""

from __future__ import annotations

import base64
import json
import struct
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from docx.image.image import Image

from dashboards import show
from dashboards.typesetter import NO_FONT

_HERE = Path(__file__).parent
DPI = 300
_PATIENCE = 300                    # seconds


class NotTypeset(ValueError):
    """A paper could not be made; the text says why."""


class NoChineseFont(NotTypeset):
    """No font of this machine has Chinese characters."""

    def __init__(self) -> None:
        super().__init__("本机没有中文字体，PDF 和图片里的汉字会变成方框。请安装一种，如 Debian、Ubuntu 上 apt-get install fonts-noto-cjk，再试一次")


def typeset(template: str, data: Mapping[str, object], pictures: Mapping[int, bytes] | None = None) -> bytes:
    """The PDF that `templates/print/<template>.typ` makes of `data` (anything JSON takes); `pictures`: PNG or JPEG, each under a number."""
    held = {str(k): _framed(v) for k, v in (pictures or {}).items()}
    return _run(template, {**data, "pictures": held}, "pdf")[0]


def pngs(svgs: Sequence[str], width_mm: int = 152, bare: bool = False) -> list[bytes]:
    """Each drawing at 300 dots an inch and that width; `bare` without the fonts of the machine."""
    return _run("pictures", {"width": width_mm, "svgs": list(svgs)}, "png", DPI, bare) if svgs else []


def no_chinese_font(bare: bool = False) -> str:
    """What is to be done where this machine cannot print Chinese, "" where it can.  Only a good answer is kept."""
    if not bare and _able:
        return ""
    try:
        pngs(['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'], bare=bare)
    except NoChineseFont as error:
        return str(error)
    if not bare:
        _able.append(True)
    return ""


_able: list[bool] = []


def _run(template: str, data: Mapping[str, object], form: str, ppi: int | None = None, bare: bool = False) -> list[bytes]:
    source = (_HERE / "templates" / "print" / f"{template}.typ").read_text(encoding="utf-8")
    asked = json.dumps({"source": source, "data": show.printable(json.dumps(data, ensure_ascii=False)), "format": form,
        "ppi": ppi, "bare": bare}).encode()
    try:
        done = subprocess.run([sys.executable, "-I", str(_HERE / "typesetter.py")], input=asked, capture_output=True, timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        raise NotTypeset(f"排版超过 {_PATIENCE} 秒，已停止") from None
    if done.returncode == NO_FONT:
        raise NoChineseFont
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise NotTypeset(f"排版出错：{said[:300] or done.returncode}")
    count, = struct.unpack_from("<I", done.stdout)
    lengths = struct.unpack_from(f"<{count}Q", done.stdout, 4)
    at, files = 4 + 8 * count, []
    for length in lengths:
        files.append(done.stdout[at:at + length])
        at += length
    return files


def _framed(picture: bytes) -> str:
    """A PNG or JPEG inside an SVG, for data is handed over as text."""
    held = Image.from_blob(picture)
    whole = f'width="{held.px_width}" height="{held.px_height}"'
    kind, body = held.content_type, base64.b64encode(picture).decode()
    return (f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 {held.px_width} {held.px_height}" {whole}>'
            f'<image {whole} xlink:href="data:{kind};base64,{body}"/></svg>')
