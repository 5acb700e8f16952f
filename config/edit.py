"""Change a file of a bureau's folder: checked first, written whole or not at all, comments kept, the previous version kept."""

from __future__ import annotations

import fcntl
import io
import os
import re
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Iterator

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError
from ruamel.yaml.util import load_yaml_guess_indent

from config.load import FILES, read_bureau
from config.tree import parse
from model.errors import ConfigError, Problem

HISTORY = ".history"
KEEP = 50                  # versions kept of each file
_SCHEME = re.compile(r"schemes/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,80}\.yaml")


def save(folder: Path, name: str, text: str, base: str | None = None) -> list[Problem]:
    """Write `text` as the file `name` ("units.yaml", "schemes/x.yaml").

    Nothing is written when the answer holds a fault; warnings alone do not stop it.  A fault of another file that was there
    before does not stop it either, so that a broken folder can be mended file by file.  `base` is the text that the editor
    started from: when the file has changed since, the edit is refused.
    """
    folder = Path(folder)
    if name not in FILES and not _SCHEME.fullmatch(name):
        return [Problem(name, None, "不能改这个文件", "可以改的文件：" + "、".join(FILES) + "、schemes/*.yaml")]
    text = _lines(text)
    with _alone(folder):
        target = (folder / name).resolve()
        if base is not None and _lines(_text(target)) != _lines(base):
            return [Problem(name, None, "打开之后，别人已经改过这个文件", "重新打开，再改一次")]
        return _checked_write(folder, name, target, text)


def change(folder: Path, name: str, alter: Callable[[CommentedMap], None]) -> list[Problem]:
    """Alter the map of the file in place, its comments and order kept; answers as `save` does."""
    folder = Path(folder)
    if name not in FILES and not _SCHEME.fullmatch(name):
        return save(folder, name, "")
    with _alone(folder):
        target = (folder / name).resolve()
        try:
            text = altered(_text(target), name, alter)
        except ConfigError as error:
            return error.problems
        return _checked_write(folder, name, target, text)


def altered(text: str, name: str, alter: Callable[[CommentedMap], None]) -> str:
    """The text of a file with its map altered, its comments and order kept; raises ConfigError where it cannot be read."""
    parse(text, name)              # no tags, no anchors, no duplicate keys
    yaml = YAML()
    yaml.preserve_quotes, yaml.width, yaml.allow_unicode = True, 140, True
    try:
        document = yaml.load(text)
    except (YAMLError, ValueError) as error:       # a day such as 2026-02-30
        raise ConfigError([Problem(name, None, f"文件里有写错的值：{error}", "先改正它")]) from None
    _, indent, offset = load_yaml_guess_indent(text)
    yaml.indent(mapping=2, sequence=indent or 4, offset=2 if indent is None else offset or 0)
    only_comments = document is None           # they hang on no key: they stay before what is written
    document = CommentedMap() if only_comments else document
    if not isinstance(document, CommentedMap):
        raise ConfigError([Problem(name, 1, "文件应当是“键: 值”的形式", "先改正它")])
    alter(document)
    out = io.StringIO()
    yaml.dump(document, out)
    if only_comments:
        return _lines(text) + ("\n" + out.getvalue() if document else "")
    return out.getvalue()


def text_of(folder: Path, name: str) -> str:
    """The text of a file as it stands, "" where there is none."""
    return _text((Path(folder) / name).resolve())


def versions(folder: Path, name: str) -> list[Path]:
    """The kept versions of a file, newest first."""
    return sorted((Path(folder) / HISTORY).glob(f"{name}.[0-9]*"), reverse=True)


def _checked_write(folder: Path, name: str, target: Path, text: str) -> list[Problem]:
    before = {(p.file, p.message) for p in read_bureau(folder)[1] if not p.warning}
    found = read_bureau(folder, {name: text})[1]
    stop = [p for p in found if not p.warning and (p.file == name or (p.file, p.message) not in before)]
    if stop:
        return stop
    old = _text(target)
    if old != text:
        if old:
            _keep(folder, name, old)
        _write(target, text)
    return [p for p in found if p.file == name]


def _lines(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.endswith("\n") or not text else text + "\n"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig") if path.exists() else ""
    except UnicodeError:
        return path.read_text(encoding="gb18030", errors="replace")    # kept as a version, and told as a fault by the loader


def _keep(folder: Path, name: str, text: str) -> None:
    """Put the previous version under .history with the next number; the oldest beyond KEEP go."""
    held = versions(folder, name)
    number = int(held[0].name.rsplit(".", 1)[1]) + 1 if held else 1
    place = folder / HISTORY / f"{name}.{number:06d}"
    place.parent.mkdir(parents=True, exist_ok=True)
    _write(place, text)
    for path in versions(folder, name)[KEEP:]:
        path.unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    """Whole or not at all: a temporary file beside it, flushed to disk, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, half = tempfile.mkstemp(prefix=".", suffix=".half", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(half, path.stat().st_mode & 0o777 if path.exists() else 0o640)
        os.replace(half, path)
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One editor at a time over all processes."""
    place = folder / HISTORY
    place.mkdir(exist_ok=True)
    with open(place / ".lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
