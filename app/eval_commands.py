"""Commands that hold the program against labelled sets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

evaluate = typer.Typer(help="在标注集上打分（标注集格式见 CONTRIBUTING.md）。", no_args_is_help=True)
Raw = Annotated[Path | None, typer.Option(help="逐条写出程序的回答（JSON Lines）。")]


@evaluate.command("extract")
def eval_extract(warc: Annotated[Path, typer.Option()], labels: Annotated[Path, typer.Option()], raw: Raw = None) -> None:
    """正文与字段提取。"""
    from app.eval_extract import run
    run(warc, labels, raw)


@evaluate.command("reposts")
def eval_reposts(pairs: Annotated[Path | None, typer.Option(help="标注的稿件对。", show_default=False)] = None, raw: Raw = None,
                 events: Annotated[Path | None, typer.Option(help="按事件标注的稿件流（jsonl.gz）。", show_default=False)] = None,
                 bulletins: Annotated[Path | None, typer.Option(help="通报稿件流（jsonl.gz）。", show_default=False)] = None) -> None:
    """转载判别；给出稿件流时，按时间归组，列出各组、大小、最拿不准的30处合并和事件归并得分。"""
    from app.eval_reposts import groups, run
    if not pairs and not (events and bulletins):
        raise typer.BadParameter("请给出 --pairs，或同时给出 --events 和 --bulletins")
    if pairs:
        run(pairs, raw)
    if events and bulletins:
        groups(events, bulletins)


@evaluate.command("opinion")
def eval_opinion(items: Annotated[Path, typer.Option()], raw: Raw = None) -> None:
    """舆情判别。"""
    from app.eval_opinion import run
    run(items, raw)
