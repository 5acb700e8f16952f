"""Make a bureau's folder: commented, ready to edit, right from the start; whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from model.errors import ConfigError, Problem

TEMPLATE = Path(__file__).parent / "template"
SAMPLE = Path(__file__).parent / "sample" / "bureau"
_IGNORE = "# 程序产生的数据和旧版本，不进版本库；口令文件更不能进\nvar/\n.history/\nsecrets/\n"


def make(folder: Path, sample: bool = False) -> None:
    """Write the folder from the template, or from the sample bureau.

    Raises ConfigError when the folder holds anything already or cannot be made.
    """
    folder = Path(folder).expanduser()
    if folder.is_file() or folder.is_dir() and any(folder.iterdir()):
        raise ConfigError([Problem(str(folder), None, "这里已经有内容，没有改动它", "换一个新的或空的文件夹")])
    source = SAMPLE if sample else TEMPLATE
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
