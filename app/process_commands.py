"""Commands that make, check and run a bureau's folder, or an installation of several bureaus."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from app.frame import SAMPLE, Folder, err, opened, opened_all, out, whole
from config.installation import is_installation
from model.errors import ConfigError

commands = typer.Typer()


@commands.command()
def init(folder: Path, sample: Annotated[bool, typer.Option(help="以示例单位为内容。")] = False,
         bureau: Annotated[list[str] | None, typer.Option(help="建立多单位安装，每个单位一个文件夹，可多次：--bureau ganzhou --bureau nanchang。")] = None) -> None:
    """建立一个单位文件夹（或一处多单位安装），带注释，可直接修改。"""
    from config.init import make, make_installation
    try:
        make_installation(folder, bureau) if bureau else make(folder, sample=sample)
    except (ConfigError, OSError, ValueError) as error:
        err.print(str(error), markup=False)
        raise typer.Exit(1) from None
    first = "各单位的 bureau.yaml、units.yaml" if bureau else "bureau.yaml、units.yaml"
    out.print(f"已建立 {folder}。先改 {first}，再运行：jianbao check {folder}")


@commands.command()
def check(folder: Folder = None) -> None:
    """检查单位文件夹（或多单位安装）：哪个文件、哪一行、应改成什么。"""
    from config.installation import installation_problems
    from config.load import problems
    folder = whole(folder)
    found = installation_problems(folder) if is_installation(folder) else problems(folder)
    faults = [p for p in found if not p.warning]
    for problem in found:
        out.print(("提醒 " if problem.warning else "错误 ") + str(problem), markup=False)
    if faults:
        err.print(f"共 {len(faults)} 处错误。")
        raise typer.Exit(3)
    out.print("没有错误。")


@commands.command()
def up(folder: Folder = None, sample: Annotated[bool, typer.Option(help="运行示例单位及其示例媒体。")] = False) -> None:
    """启动全部：采集、处理、网页与定时任务。"""
    from app import up as supervisor
    from config.init import make
    if sample:
        folder = folder or SAMPLE
        if not (folder / "bureau.yaml").exists():
            make(folder, sample=True)
    logging.basicConfig(level=logging.WARNING)

    def say(text: str) -> None:
        out.print(text, markup=False)
    if is_installation(whole(folder)):
        with opened_all(whole(folder), "up") as houses:
            raise typer.Exit(supervisor.run_all(houses, say))
    with opened(folder, "up") as house:
        _alone(house)
        logging.getLogger().setLevel(logging.WARNING)
        raise typer.Exit(supervisor.run(house, sample, say))


@commands.command()
def crawl(folder: Folder = None, once: Annotated[bool, typer.Option(help="各来源读一遍、抓完即止。")] = False) -> None:
    """只运行采集进程；多单位安装的采集只有一个，各单位共用。"""
    from crawlers import process
    if is_installation(whole(folder)):
        with opened_all(whole(folder), "crawl") as houses:
            out.print(str(process.run(houses.union, houses.commons.store, houses.commons.archive, once=once)), markup=False)
        return
    with opened(folder, "crawl") as house:
        _alone(house)
        out.print(str(process.run(house.bureau, house.store, house.archive, clock=house.clock, once=once)), markup=False)


@commands.command()
def work(folder: Folder = None, name: Annotated[str, typer.Option(help="进程名，用于日志和租约。")] = "work") -> None:
    """只运行处理进程；多单位安装时轮流处理各单位，也可只处理其中一个单位的文件夹。"""
    from app import work as worker
    if is_installation(whole(folder)):
        with opened_all(whole(folder), name) as houses:
            worker.run_all(houses, worker.stopping())
        return
    with opened(folder, name) as house:
        worker.run(house, worker.stopping())


@commands.command()
def serve(folder: Folder = None) -> None:
    """只运行网页和定时任务；多单位安装时各单位用各自的端口。"""
    from app import serve as server, serve_all, work as worker
    if is_installation(whole(folder)):
        with opened_all(whole(folder), "serve") as houses:
            serve_all.run(houses, worker.stopping())
        return
    with opened(folder, "serve") as house:
        server.run(house)


def _alone(house) -> None:
    if house.commons:
        err.print(f"{house.folder.name} 是多单位安装里的一个单位，采集是各单位共用的：请对 {house.folder.parent} 运行这条命令。", markup=False)
        raise typer.Exit(2)
