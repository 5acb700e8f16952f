"""Make a bureau's folder: commented, ready to edit, right from the start; whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from model.errors import ConfigError, Problem

TEMPLATE = Path(__file__).parent / "template"
SAMPLE = Path(__file__).parent / "sample" / "bureau"
_IGNORE = "# 程序产生的数据和旧版本，不进版本库；口令文件更不能进\nvar/\n.history/\nsecrets/\n"


INSTALLATION = Path(__file__).parent / "template_installation"
_FIRST_PORT = 8420


def make_installation(folder: Path, names: Sequence[str]) -> None:
    """An installation with a bureau's folder for each name, every one with a port of its own.

    Raises ConfigError when the folder holds anything already, a name is wrong, or it cannot be made.
    """
    folder = Path(folder).expanduser()
    wrong = [n for n in names if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", n) or n == "var" or list(names).count(n) > 1]
    if wrong:
        raise ConfigError([Problem(str(folder), None, f"单位文件夹名“{wrong[0]}”不对或写了两次", "只用字母、数字和横线，如 ganzhou")])
    make(folder, source=INSTALLATION)
    listed = folder / "installation.yaml"
    listed.write_text(listed.read_text(encoding="utf-8").replace("bureaus: []", f"bureaus: [{', '.join(names)}]"), encoding="utf-8")
    for n, name in enumerate(names):
        make(folder / name)
        for file, line, new in (("bureau.yaml", r"^id: [\w.-]+", f"id: {name.lower()}"), ("settings.yaml", "^# web:", "web:"),
                                ("settings.yaml", "^#   port: 8420", f"  port: {_FIRST_PORT + n}")):
            path = folder / name / file
            path.write_text(re.sub(line, new, path.read_text(encoding="utf-8"), count=1, flags=re.M), encoding="utf-8")


def make(folder: Path, sample: bool = False, source: Path | None = None) -> None:
    """Write the folder from the template, or from the sample bureau, or from `source`.

    Raises ConfigError when the folder holds anything already or cannot be made.
    """
    folder = Path(folder).expanduser()
    if folder.is_file() or folder.is_dir() and any(folder.iterdir()):
        raise ConfigError([Problem(str(folder), None, "这里已经有内容，没有改动它", "换一个新的或空的文件夹")])
    source = source or (SAMPLE if sample else TEMPLATE)
    if not source.is_dir():
        raise ConfigError([Problem(str(source), None, "程序自带的文件缺失", "重新安装")])
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise ConfigError([Problem(str(folder), None, f"建不了文件夹：{error.strerror}", "检查上级文件夹的权限")]) from None
    try:
        shutil.copytree(source, half, dirs_exist_ok=True, ignore=shutil.ignore_patterns("var", ".history", "__pycache__", "*.pyc", "*.py"))
        (half / ".gitignore").write_text(_IGNORE, encoding="utf-8")
        half.chmod(0o750)
        os.replace(half, folder)
    except OSError as error:
        shutil.rmtree(half, ignore_errors=True)
        raise ConfigError([Problem(str(folder), None, f"写不了文件夹：{error.strerror}", "检查磁盘空间和权限")]) from None
