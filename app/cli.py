"""The command line: `jianbao …`.  Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the bureau's folder has errors."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from app import credit_commands, duty_commands, eval_commands, process_commands, user_commands, words_commands
from app.frame import SAMPLE, SHANGHAI, Bureau, bar, bars, day, err, opened, out, progress
from model.page import PageStatus

app = typer.Typer(help="剪报：公共机构的舆情监测与媒体剪报。", no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)
app.add_typer(process_commands.commands)
app.add_typer(eval_commands.evaluate, name="eval")
evidence = typer.Typer(help="佐证材料：打包、核验、回看。", no_args_is_help=True)
app.add_typer(evidence, name="evidence")
app.add_typer(user_commands.users, name="user")
app.add_typer(credit_commands.commands)
app.add_typer(credit_commands.periods, name="period")
app.add_typer(credit_commands.schemes, name="scheme")
app.add_typer(words_commands.words, name="words")
app.add_typer(duty_commands.duty, name="duty")
app.add_typer(duty_commands.channel, name="channel")
app.add_typer(duty_commands.incident, name="incident")


@app.command()
def replay(files: list[Path], bureau: Bureau = None) -> None:
    """把存档的网页（WARC）按同一流程处理一遍。"""
    from app import outbox, replay as saved, work as worker
    for file in files:
        if not file.is_file():
            raise typer.BadParameter(f"没有这个文件：{file}")
    with opened(bureau, "replay") as house:
        with bar("读入", None) as step:
            total = saved.replay(house, files, step)
        with bar("处理", total) as step:
            counted = worker.drain(house, step)
        outbox.Hands(house).drain()
        _statuses(counted, total)


@app.command()
def rerun(bureau: Bureau = None,
          since: Annotated[str | None, typer.Option(help="从哪一天抓取的网页起，如 2026-11-01。")] = None,
          status: Annotated[list[PageStatus] | None, typer.Option(help="只重跑这些状态的网页，可多次。")] = None) -> None:
    """改了词表、单位或程序之后，把存档重跑一遍；不会重复报警、重复计分。"""
    from app import outbox, work as worker
    from model.page import FINAL
    with opened(bureau, "rerun") as house:
        total = house.store.requeue(day(since), status or FINAL, house.clock.now())
        with bar("重跑", total) as step:
            counted = worker.drain(house, step)
        outbox.Hands(house).drain()
        _statuses(counted, total)


def _statuses(counted, total: int) -> None:
    table = Table("状态", "页数", title=f"共 {total} 页")
    for status, number in sorted(counted.items(), key=lambda item: -item[1]):
        table.add_row(status.label, str(number))
    out.print(table)


@app.command()
def search(words: str, bureau: Bureau = None, unit: list[str] = typer.Option([], help="单位编号。"), since: str | None = None, until: str | None = None,
           ranked: Annotated[bool, typer.Option(help="按相关度排，默认按时间。")] = False, limit: int = 20) -> None:
    """检索剪报，新的在前。"""
    from model.search import Query
    with opened(bureau) as house:
        hits = house.store.search(Query(words, tuple(unit), since=day(since), until=day(until), ranked=ranked, per_page=limit))
        table = Table("编号", "时间", "媒体", "标题", title=f"共 {hits.total} 篇")
        for c in house.store.clippings(hits.ids):
            when = (c.article.published or c.first_seen).astimezone(SHANGHAI)
            table.add_row(str(c.id), f"{when:%Y-%m-%d %H:%M}", c.outlet_name, c.article.title)
        out.print(table)


@app.command()
def reindex(bureau: Bureau = None) -> None:
    """按数据库重建 Elasticsearch 检索索引，建好后一步切换；重建期间照常入库和检索。"""
    from pipelines.store.elastic import Unavailable
    from pipelines.store.elastic_feed import matched_count
    with opened(bureau) as house:
        if not house.bureau().settings.search.hosts:
            err.print("settings.yaml 里没有写 search: hosts，检索由数据库自己完成，不需要重建。")
            raise typer.Exit(1)
        try:
            with bar("重建索引", matched_count(house.store)) as step:
                told = house.store.rebuild_search(step)
        except Unavailable as trouble:
            err.print(str(trouble), markup=False)
            raise typer.Exit(1) from None
        out.print(f"已重建并切换，共 {told} 篇。")


@app.command()
def move(source: Annotated[str, typer.Option("--from", help="来源：sqlite:////路径、文件路径、postgresql://…，或 env:环境变量名。")],
         target: Annotated[str, typer.Option("--to", help="目标，写法同上；要是空库。中断后再运行一次即接着搬。")]) -> None:
    """把一个单位的数据库搬到另一处（SQLite 与 PostgreSQL 之间），逐表核对行数和校验值。搬之前先停掉所有剪报进程。"""
    from app import move as mover
    from pipelines.store import StoreError

    with progress() as shown:
        def begin(total: int):
            task = shown.add_task("搬运", total=total)
            return lambda table, rows: shown.update(task, description=table, advance=0 if table == "article_words" else rows)
        try:
            compared = mover.run(source, target, begin)
        except (StoreError, ValueError) as error:
            err.print(str(error), markup=False)
            raise typer.Exit(1) from None
    table = Table("表", "来源行数", "目标行数", "校验", title=f"已搬 {len(compared)} 张表")
    for c in compared:
        table.add_row(c.table, str(c.source), str(c.target), "一致")
    out.print(table)
    out.print("下一步：在 settings.yaml 里写 database_env: JIANBAO_DATABASE，并把新地址放进这个环境变量；存档文件夹不用动。")


@app.command()
def digest(bureau: Bureau = None, since: Annotated[str | None, typer.Option(help="起始日，省略为本周。")] = None,
           until: Annotated[str | None, typer.Option(help="截止日（不含）。")] = None,
           span: Annotated[str, typer.Option(help="期次：2026-W47、2026-11、2026Q4、2026H2、2026 或 20261101-20261109。")] = "",
           form: Annotated[list[str] | None, typer.Option(help="docx、pdf、xlsx、mail、booklet，可多次；省略为前三种。")] = None,
           checked: Annotated[bool, typer.Option("--check", help="只核对，列出不能自动发出的原因。")] = False,
           to: Annotated[Path, typer.Option("--out", help="输出文件夹。")] = Path(".")) -> None:
    """生成剪报周报（Word、PDF、Excel，可选邮件和剪报册），也可生成月通报、季报、半年报、年度总结。"""
    from app import digest as papers
    from dashboards.weeks import span_from_key
    forms = form or list(papers.ATTACHED)
    if wrong := [f for f in forms if f not in papers.FORMS]:
        raise typer.BadParameter(f"没有这种形式：{'、'.join(wrong)}；可用 {'、'.join(papers.FORMS)}")
    named = span_from_key(span) if span else None
    if span and named is None:
        raise typer.BadParameter(f"没有这个期次：{span}，请写成 2026-W47、2026-11、2026Q4、2026H2、2026 或 20261101-20261109")
    if until and not since:
        raise typer.BadParameter("写了 --until 就要写 --since")
    first, last = (named.since, named.until) if named else (day(since), day(until))
    if bureau is None and not any((folder / "bureau.yaml").exists() for folder in (Path("."), SAMPLE)):
        err.print("还没有单位文件夹：先用 make run（或 jianbao up --sample）把示例单位跑起来，过一分钟再运行 jianbao digest。", markup=False)
        raise typer.Exit(1)
    with opened(bureau) as house:
        logging.getLogger().setLevel(logging.WARNING)
        for fault in papers.check(house, first, last):
            err.print(f"核对：{fault}", markup=False, soft_wrap=True)
        if not checked:
            for path in papers.write(house, to, first, last, forms):
                out.print(str(path), markup=False, soft_wrap=True)


@app.command()
def extract(what: str, why: Annotated[bool, typer.Option("--why", help="显示各字段的候选与取舍。")] = False,
            url: Annotated[str, typer.Option(help="文件保存自哪个网址（数字报、公众号和日期要看网址）。")] = "") -> None:
    """解析一个网页文件或网址，显示读出的各字段；给的是数字报版面页时，显示各稿的版位。"""
    from app.show import show
    raise typer.Exit(show(what, why, url, out, err))


@app.command()
def verify(form: Annotated[Path, typer.Argument(help="季报表：xlsx、xls、csv 或 docx。")], unit: Annotated[str, typer.Option(help="单位编号或名称。")],
           to: Annotated[Path, typer.Option("--out", help="写核对结果的文件夹。")], bureau: Bureau = None,
           period: Annotated[str, typer.Option(help="所属期，如 2026Q4；省略时看表头。")] = "",
           materials: Annotated[Path | None, typer.Option(help="佐证材料压缩包（序号+稿件标题）。")] = None,
           replace: Annotated[bool, typer.Option(help="取代本单位本期上一次填报。")] = False,
           processes: Annotated[int, typer.Option(min=1, max=16, help="处理进程数。")] = 2,
           pictures: Annotated[bool, typer.Option(help="同时用 Chromium 把网页存为 PDF（较慢）。")] = False) -> None:
    """核对季报表：每一行的链接、标题、日期、媒体、单位、首发与重复，写出结论和理由。"""
    from app import verify as verification
    from app.claims import Desk
    for file in (form, materials):
        if file is not None and not file.is_file():
            raise typer.BadParameter(f"没有这个文件：{file}")
    with opened(bureau, "verify") as house:
        logging.getLogger().setLevel(logging.WARNING)
        with bars() as begin:
            read, claims = verification.run(house, form, unit, to, period, materials, replace, processes, begin)
        for remark in read.remarks:
            err.print(f"提醒：{remark}", markup=False)
        if read.problems:
            for problem in read.problems:
                err.print(str(problem), markup=False)
            err.print(f"共 {len(read.problems)} 处问题，这份表没有受理；改好后重新提交。", markup=False)
            raise typer.Exit(1)
        if pictures and not Desk(house).draws:
            err.print("本机没有安装 Chromium，没有存网页版面图；原始数据和正文已存。", markup=False)
        elif pictures:
            with bar("网页版面图", sum(c.finding.article_id is not None for c in claims)) as step:
                Desk(house).picture(len(claims), step)
    table = Table("结论", "篇数", title=f"共 {len(claims)} 篇，详见 {to / '核对结果.xlsx'}")
    for verdict in dict.fromkeys(c.standing for c in claims):
        table.add_row(verdict.label, str(sum(c.standing is verdict for c in claims)))
    out.print(table)


@evidence.command("pack")
def evidence_pack(unit: Annotated[str, typer.Option(help="单位编号或名称。")], period: Annotated[str, typer.Option(help="所属期，如 2026Q4。")],
                  to: Annotated[Path, typer.Option("--out", help="输出文件夹。")] = Path("."), bureau: Bureau = None) -> None:
    """打包一个单位一期的佐证：按“序号+稿件标题”命名，附目录和离线核验程序。"""
    from app.claims import Desk
    from app.verify import named_unit
    from pipelines.evidence import EvidenceError
    with opened(bureau, "evidence") as house, bar("打包", None) as step:
        try:
            packed = Desk(house).pack(named_unit(house, unit), period, to, step)
        except EvidenceError as error:
            err.print(str(error), markup=False)
            raise typer.Exit(1) from None
    out.print(f"{packed.path}：{packed.items} 件，末尾哈希 {packed.last_hash}", markup=False)


@evidence.command("verify")
def evidence_verify(pack: Path, bureau: Bureau = None,
                    offline: Annotated[bool, typer.Option(help="只看包本身，不与本系统留存的佐证链比对。")] = False) -> None:
    """核验佐证包：任何文件被改、被删、被加都会列出。"""
    from pipelines.packs import check as check_pack
    if not pack.exists():
        raise typer.BadParameter(f"没有这个文件：{pack}")
    if offline or (bureau is None and not any((folder / "bureau.yaml").exists() for folder in (Path("."), SAMPLE))):
        found = check_pack(pack)
    else:
        from app.claims import Desk
        with opened(bureau, "evidence") as house:
            found = Desk(house).check_pack(pack)
    for line in found.wrong:
        err.print(line, markup=False)
    if found.wrong:
        err.print(f"共 {len(found.wrong)} 处不符。")
        raise typer.Exit(1)
    out.print(f"佐证包完好：{found.count} 件，末尾哈希 {found.last_hash}", markup=False)


@evidence.command("recheck")
def evidence_recheck(bureau: Bureau = None) -> None:
    """再看一遍已核实的网页，列出被修改、被删除的。"""
    from app.claims import Desk
    with opened(bureau, "evidence") as house:
        changed = Desk(house).look_again()
    table = Table("编号", "状态", "网址", "说明", title=f"{len(changed)} 页有变化")
    for one in changed:
        table.add_row(str(one.claim_id), one.state.label, one.url, one.detail)
    out.print(table)


def main() -> None:
    app()


if __name__ == "__main__":
    main()
