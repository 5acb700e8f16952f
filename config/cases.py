"""`cases.jsonl` of a bureau's folder: what the desk taught, one JSON line each, only ever added to.

A line that cannot be read is passed over and told; it never stops the rest.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict
from pathlib import Path

from model.errors import Problem
from model.lesson import MAX_EXCERPT, MAX_REASON, MAX_TITLE, Lesson

CASES = "cases.jsonl"
MAX_CASES = 5000               # the newest count
MAX_BYTES = 100_000_000
_FIELDS = set(Lesson.__dataclass_fields__)
_NEEDED = {"id", "title", "text", "label", "was"}


def line_of(lesson: Lesson) -> str:
    return json.dumps(asdict(lesson), ensure_ascii=False)


def read_case(line: str) -> Lesson:
    """A case from its line; raises ValueError with what is wrong."""
    data = json.loads(line)
    if not isinstance(data, dict) or set(data) - _FIELDS or not _NEEDED <= set(data):
        raise ValueError("案例须有 id、title、text、label、was，且没有其他字段")
    if any(not isinstance(value, int if name == "article" else str) for name, value in data.items()):
        raise ValueError("案例各字段须为文字，article 须为整数")
    if data["label"] not in ("N", "R", "P", "X"):
        raise ValueError("案例的 label 须为 N、R、P、X 之一")
    return Lesson(**{**data, "title": data["title"][:MAX_TITLE], "text": data["text"][:MAX_EXCERPT], "reason": str(data.get("reason", ""))[:MAX_REASON]})


def read_cases(folder: Path) -> tuple[list[Lesson], list[Problem]]:
    """(the newest cases in the order they were given, what could not be read)."""
    path, found, problems = Path(folder) / CASES, [], []
    try:
        if path.stat().st_size > MAX_BYTES:
            return [], [Problem(CASES, None, "文件太大（上限 100 MB）", "把旧的案例移到别处", warning=True)]
        lines = path.read_text(encoding="utf-8-sig", errors="replace").split("\n")
    except OSError:
        return [], []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(read_case(line))
            except (ValueError, RecursionError) as error:
                said = "不是一行 JSON" if isinstance(error, (json.JSONDecodeError, RecursionError)) else str(error)
                problems.append(Problem(CASES, number, f"案例读不了：{said}", "改正或删去这一行", warning=True))
    return found[-MAX_CASES:], problems[:50]


def append_cases(folder: Path, lessons: list[Lesson]) -> None:
    """Add cases at the end, whole or not at all, one writer at a time."""
    if not lessons:
        return
    data = "".join(line_of(lesson) + "\n" for lesson in lessons).encode()
    path = Path(folder) / CASES
    with open(path, "ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        held = path.stat().st_size
        if held:
            with open(path, "rb") as there:
                there.seek(held - 1)
                if there.read(1) != b"\n":              # a line that was cut off by a crash ends here
                    data = b"\n" + data
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def mark(folder: Path) -> str:
    """A cheap mark of the file as it stands."""
    try:
        stat = (Path(folder) / CASES).stat()
    except OSError:
        return ""
    return f"{stat.st_size}:{stat.st_mtime_ns}"
