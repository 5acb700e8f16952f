"""The zip of 佐证材料: files named 序号+稿件标题 matched to the rows of a form; anything that does not fit is told, and nothing is kept then."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from analysis.cleaning import fold
from model.claim import CellProblem, FormRow
from pipelines.intake.zips import Entry, entries, opened
from pipelines.verify.alike import titles

MOST_FILES, MOST_BYTES, MOST_FILE = 1000, 2_000_000_000, 500_000_000
MEDIA = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".avi": "video/x-msvideo",
    ".wmv": "video/x-ms-wmv",
    ".mkv": "video/x-matroska",
    ".flv": "video/x-flv",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".m4a": "audio/mp4",
    ".amr": "audio/amr",
    ".aac": "audio/aac",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".ofd": "application/ofd",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".txt": "text/plain",
    ".mht": "multipart/related",
    ".mhtml": "multipart/related",
}
_IGNORED = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|~\$)", re.I)
_NUMBERED = re.compile(r"^\s*第?\s*0*(\d{1,4})\s*(?:号|篇|条)?\s*[+＋._、,，\-—－:：\s)）\]】]*\s*(.*)$", re.S)
_DANGEROUS = (b"MZ", b"\x7fELF", b"#!")


@dataclass(frozen=True)
class Material:
    """A file of the zip and the row it belongs to (place in the form's rows)."""

    row: int
    name: str
    media_type: str
    entry: Entry


@dataclass(frozen=True)
class Matched:
    materials: tuple[Material, ...]
    problems: tuple[CellProblem, ...]
    remarks: tuple[str, ...] = ()


@contextmanager
def looked(data: bytes | BinaryIO | Path) -> Iterator[tuple[zipfile.ZipFile, list[Entry]]]:
    """The zip and its files.  Raises Unreadable."""
    if isinstance(data, Path):
        with open(data, "rb") as file, looked(file) as found:
            yield found
        return
    with opened(data) as archive:
        yield archive, entries(archive, MOST_FILES, MOST_BYTES, MOST_FILE)


def match(archive: zipfile.ZipFile, files: Sequence[Entry], rows: Sequence[FormRow]) -> Matched:
    """Each file's row by its number and title; a number and a title that speak for different rows are a problem."""
    found: list[Material] = []
    problems: list[CellProblem] = []
    for entry in files:
        if _IGNORED.search(entry.name):
            continue
        path = PurePosixPath(entry.name)
        kind = path.suffix.strip().lower()
        if kind not in MEDIA:
            problems.append(CellProblem(0, entry.name[:80], f"不接收“{kind or '没有后缀'}”的文件；请用图片、PDF、音频、视频或 Word 文件"))
            continue
        with archive.open(entry.info) as file:
            head = file.read(4)
        if head.startswith(_DANGEROUS):
            problems.append(CellProblem(0, entry.name[:80], "内容是程序，不是佐证材料"))
            continue
        row, why = _row(path, rows)
        if row is None:
            problems.append(CellProblem(0, entry.name[:80], why))
        else:
            found.append(Material(row, path.name.strip(), MEDIA[kind], entry))
    if not found and not problems:
        problems.append(CellProblem(0, "", "压缩包里没有佐证材料"))
    covered = {m.row for m in found}
    remarks = tuple(f"第{r.number}行“{r.title[:30]}”没有链接，也没有佐证材料" for n, r in enumerate(rows) if not r.urls and n not in covered)
    return Matched(tuple(found), tuple(problems), remarks)


def _row(path: PurePosixPath, rows: Sequence[FormRow]) -> tuple[int | None, str]:
    why = ""
    for part in (path.stem, *reversed(path.parts[:-1])):     # the file's own name, else the folder it lies in
        row, why = _named(part, rows)
        if row is not None:
            return row, ""
        if "对不上" in why:
            return None, why
    return None, why


def _named(name: str, rows: Sequence[FormRow]) -> tuple[int | None, str]:
    numbered = _NUMBERED.match(name)
    by_number = [n for n, r in enumerate(rows) if numbered and r.number.lstrip("0") == numbered.group(1)]
    title = (numbered.group(2) if numbered else name).strip()
    title = re.sub(r"[\s_\-]*[（(]?\d{1,2}[)）]?$", "", title) or title
    best, score = None, 0.0
    for n, row in enumerate(rows):
        like = titles(title, [row.title]) if title else None
        cut = bool(title) and len(fold(title)) >= 6 and fold(row.title).startswith(fold(title))
        if like and (like.kind in ("exact", "variant") or cut) and max(like.score, 0.9 * cut) > score:
            best, score = n, max(like.score, 0.9 * cut)
    if len(by_number) == 1:
        if best is not None and best != by_number[0]:
            return None, f"序号与标题对不上：序号是第{rows[by_number[0]].number}行，标题却是第{rows[best].number}行的"
        if title and best is None and len(fold(title)) >= 6 and titles(title, [rows[by_number[0]].title]).kind == "different":
            return None, f"序号与标题对不上：第{rows[by_number[0]].number}行的标题是“{rows[by_number[0]].title[:40]}”"
        return by_number[0], ""
    if best is not None:
        return best, ""
    if numbered and not by_number:
        return None, f"表里没有序号{numbered.group(1)}；请按“序号+稿件标题”命名"
    return None, "看不出是哪一行的佐证；请按“序号+稿件标题”命名"
