"""An installation's folder: `installation.yaml` (its name, its bureaus), `settings.yaml` of what they share, and a folder a bureau."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from config.entry import Entry, Report
from config.load import read_bureau
from config.settings import read_settings
from config.tree import Node, read_tree
from model.bureau import Bureau
from model.errors import ConfigError, Problem
from model.installation import Installation

FILE = "installation.yaml"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_EACH_ITS_OWN: tuple[tuple[str, Callable[[Bureau], object]], ...] = (
    ("bureau.yaml 里的 id", lambda b: b.id),
    ("settings.yaml 里的 web.port", lambda b: b.settings.web.port),
    ("settings.yaml 里的数据库", lambda b: b.settings.database or None),
    ("settings.yaml 里的 search.index", lambda b: (b.settings.search.hosts, b.settings.search.index) if b.settings.search.hosts else None),
)
"""What two bureaus must never have in common."""


def is_installation(folder: Path) -> bool:
    return (folder / FILE).is_file()


def installation_of(folder: Path) -> Path | None:
    """The folder of the installation that lists this bureau's folder.  Raises ConfigError when that is broken."""
    above = folder.resolve().parent
    return above if is_installation(above) and folder.resolve().name in load_installation(above).bureaus else None


def load_installation(folder: Path) -> Installation:
    """Raises ConfigError with the faults of the installation's own two files; bureaus are read, and refused, each by itself."""
    found, problems = _read(Path(folder))
    faults = [p for p in problems if not p.warning]
    if faults or found is None:
        raise ConfigError(faults)
    return found


def installation_problems(folder: Path) -> list[Problem]:
    """Everything wrong or doubtful in the installation and in each of its bureaus, the bureau's folder before the file's name."""
    found, problems = _read(Path(folder))
    if found is None:
        return problems
    seen: dict[tuple[str, object], str] = {}
    for name in found.bureaus:
        bureau, told = read_bureau(found.folder / name)
        problems += [replace(p, file=p.file if p.file.startswith(str(found.folder)) else f"{name}/{p.file}") for p in told]
        for what, of in _EACH_ITS_OWN if bureau else ():
            if (held := of(bureau)) is not None and (other := seen.setdefault((what, held), name)) != name:
                problems.append(Problem(f"{name}/settings.yaml", None, f"{what}与单位 {other} 相同", "每个单位要用自己的，改成不同的"))
    return problems


def _read(folder: Path) -> tuple[Installation | None, list[Problem]]:
    report = Report()
    try:
        root = read_tree(folder / FILE, FILE)
        shared = read_tree(folder / "settings.yaml", "settings.yaml") if (folder / "settings.yaml").exists() else Node({}, "settings.yaml", 1)
    except ConfigError as error:
        return None, list(error.problems)
    entry = Entry(report, root, FILE, ("name", "bureaus"))
    names = entry.texts("bureaus")
    if not names:
        report.fault(root, "没有写 bureaus（各单位的文件夹）", "如 bureaus: [ganzhou, nanchang]")
    for name in names:
        if not _NAME.fullmatch(name) or name == "var":
            entry.fault("bureaus", f"文件夹名“{name}”不对", "只写文件夹的名字（字母、数字、横线），文件夹放在本文件旁边")
        elif names.count(name) > 1:
            entry.fault("bureaus", f"单位文件夹“{name}”写了两次", "删去一个")
    settings = read_settings(report, shared)
    return Installation(entry.text("name", required=True, limit=60), folder.resolve(), tuple(names), settings), report.problems
