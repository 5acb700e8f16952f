"""What every command of the command line stands in: the two consoles, the way to a bureau's house, days, progress bars."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from model.errors import ConfigError

out, err = Console(highlight=False), Console(stderr=True, highlight=False)

SHANGHAI = ZoneInfo("Asia/Shanghai")
SAMPLE = Path("bureaus/sample")
Folder = Annotated[Path | None, typer.Argument(help="单位文件夹（含 bureau.yaml）；省略时取当前文件夹，其次示例单位。", show_default=False)]
Bureau = Annotated[Path | None, typer.Option("--bureau", "-b", envvar="JIANBAO_BUREAU", help="单位文件夹；省略时取当前文件夹，其次示例单位。", show_default=False)]


def whole(folder: Path | None) -> Path:
    """The folder that is meant: the one named, else this one, else the sample bureau's."""
    return folder or (Path(".") if any(Path(name).exists() for name in ("bureau.yaml", "installation.yaml")) else SAMPLE)


@contextmanager
def opened(folder: Path | None, process: str = "cli") -> Iterator:
    """The house of a bureau's folder; errors become one clear message and an exit code."""
    from app.house import House
    from config.installation import is_installation, load_installation
    with _clear():
        folder = whole(folder)
        if is_installation(folder):
            raise ValueError(f"{folder} 是多单位安装，这条命令针对一个单位：请指明 {'、'.join(str(p) for p in load_installation(folder).folders())} 中的一个")
        house = House(folder, process)
        try:
            yield house
        finally:
            house.close()


@contextmanager
def opened_all(folder: Path, process: str = "cli") -> Iterator:
    """The houses of an installation's folder."""
    from app.installation import Houses
    with _clear():
        houses = Houses(folder, process)
        try:
            yield houses
        finally:
            houses.close()


@contextmanager
def _clear() -> Iterator[None]:
    from pipelines.archive import ArchiveError
    from pipelines.store import StoreError
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    for noisy in ("alembic", "jieba", "trafilatura", "httpx", "elastic_transport", "aiobotocore", "botocore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    try:
        yield
    except ConfigError as error:
        tell(error.problems)
        raise typer.Exit(3) from None
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        err.print(f"[red]打不开[/] {error.filename}：{error.strerror}")
        raise typer.Exit(1) from None
    except (ValueError, StoreError, ArchiveError) as error:
        err.print(f"[red]错误[/] {escape(str(error))}", markup=True)
        raise typer.Exit(1) from None


def tell(problems) -> None:
    for problem in problems:
        err.print(str(problem), markup=False)
    err.print(f"共 {len(problems)} 处需要修改。", markup=False)


def day(text: str | None) -> datetime | None:
    """An ISO day (or moment) in China as aware UTC."""
    if not text:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"“{text}”不是日期，请写成 2026-11-21") from None
    return (when if when.tzinfo else when.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def progress() -> Progress:
    """Bars on the error console, gone when done; each with its description."""
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=err, transient=True)


@contextmanager
def bar(title: str, total: int | None) -> Iterator:
    with bars() as begin:
        yield begin(title, total)


@contextmanager
def bars() -> Iterator:
    """Several bars, one a phase: `begin(title, total)` gives the step of a new one."""
    with progress() as shown:
        def begin(title: str, total: int | None):
            task = shown.add_task(title, total=total)
            return lambda n: shown.advance(task, n)
        yield begin
