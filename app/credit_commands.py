"""Commands of credits: circular, ledger, annual, period …, scheme …  `app.cli` takes them in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from app.frame import Bureau, opened, out

commands = typer.Typer()
periods = typer.Typer(help="账期：列出、开账、结账、重新开账。", no_args_is_help=True)
schemes = typer.Typer(help="积分办法：列出、预览。", no_args_is_help=True)
PeriodOption = Annotated[str, typer.Option(help="账期，如 2026Q4（季度）、2026M11（月）；省略为本期。")]
Who = Annotated[str, typer.Option(help="经办人。")]
Out = Annotated[Path, typer.Option("--out", help="输出文件夹。")]


@commands.command()
def circular(bureau: Bureau = None, period: PeriodOption = "", number: Annotated[str, typer.Option(help="文号；不写则标“送审稿”。")] = "",
             to: Annotated[str, typer.Option(help="主送。")] = "", copy: Annotated[list[str], typer.Option(help="抄送，可多次。")] = [],
             demand: Annotated[list[str], typer.Option(help="有关要求，一次一段。")] = [], folder: Out = Path(".")) -> None:
    """生成通报（docx 与 xlsx）；分项和总数不符、留有未填内容的不生成。"""
    from app.credits import desk, write_circular
    from model.circular import Letter
    with opened(bureau) as house:
        for path in write_circular(house, folder, period or desk(house).period_now(), Letter(number, to, tuple(copy), tuple(demand))):
            out.print(str(path), markup=False, soft_wrap=True)


@commands.command()
def ledger(bureau: Bureau = None, period: PeriodOption = "", unit: Annotated[str, typer.Option(help="单位编号；给出时连对账单一起写到 --out。")] = "",
           check: Annotated[bool, typer.Option(help="重放台账，与每次结账时的得分核对。")] = False,
           folder: Annotated[Path | None, typer.Option("--out", help="把对账单写到这个文件夹（须给 --unit）。")] = None) -> None:
    """台账：每一分的算法和理由。"""
    from app.credits import desk, write_statement
    from model.circular import require_sound
    with opened(bureau) as house:
        held = desk(house)
        if check:
            wrong = held.check()
            for words in wrong:
                out.print(words, markup=False)
            out.print("台账与历次结账一致。" if not wrong else f"共 {len(wrong)} 处不一致。")
            raise typer.Exit(1 if wrong else 0)
        period = period or held.period_now()
        if unit and folder is not None:
            for path in write_statement(house, folder, unit, period):
                out.print(str(path), markup=False, soft_wrap=True)
            return
        made = held.circular(period)
        require_sound(made)
        table = Table("行号", "单位", "类别", "算法", "得分", "理由", title=f"{made.label}（{made.scheme}）")
        for row in reversed(house.store.ledger(unit_id=unit, period=period, limit=1_000_000)):
            table.add_row(str(row.id), made.names.get(row.unit_id, row.unit_id), row.class_name, row.arithmetic, f"{row.cents / 100:.2f}", row.reason)
        out.print(table)
        standing = Table("分组", "名次", "单位", "报送", "采用", "得分")
        for line in made.units:
            if not unit or line.unit_id == unit:
                standing.add_row(line.group, str(line.rank or "否决"), line.label, str(line.submitted), str(line.adopted), f"{line.cents / 100:.2f}")
        out.print(standing)


@commands.command()
def annual(year: str, bureau: Bureau = None, folder: Out = Path(".")) -> None:
    """年度积分汇总（docx 与 xlsx）。"""
    from app.credits import write_annual
    with opened(bureau) as house:
        for path in write_annual(house, folder, year):
            out.print(str(path), markup=False, soft_wrap=True)


@periods.command("list")
def period_list(bureau: Bureau = None, count: int = 8) -> None:
    """列出账期和状态。"""
    from app.credits import desk
    with opened(bureau) as house:
        table = Table("账期", "状态", "经办", "说明")
        for state in desk(house).periods(count):
            table.add_row(state.id, "未结账" if state.open else "已结账", state.who, state.reason)
        out.print(table)


@periods.command("open")
def period_open(period: str, who: Who = "命令行", reason: str = "", bureau: Bureau = None) -> None:
    """开账（没有说过的账期本来就是开的）。"""
    from app.credits import desk
    with opened(bureau) as house:
        desk(house).open(period, who, reason)
        out.print(f"{period} 已开账。", markup=False)


@periods.command("close")
def period_close(period: str, who: Who = "命令行", reason: str = "", bureau: Bureau = None,
                 anyway: Annotated[bool, typer.Option(help="还有未办事项、或还没到期也结账。")] = False) -> None:
    """结账：记入任务扣分、基础分，从此不再变动。"""
    from app.credits import desk
    with opened(bureau) as house:
        desk(house).close(period, who, reason, anyway)
        out.print(f"{period} 已结账。", markup=False)


@periods.command("reopen")
def period_reopen(period: str, reason: Annotated[str, typer.Option(help="理由（必写）。")], who: Who = "命令行", bureau: Bureau = None) -> None:
    """重新开账，须写明理由。"""
    from app.credits import desk
    with opened(bureau) as house:
        desk(house).reopen(period, who, reason)
        out.print(f"{period} 已重新开账。", markup=False)


@schemes.command("list")
def scheme_list(bureau: Bureau = None) -> None:
    """列出本单位的和随软件提供的办法。"""
    from app.credits import desk
    with opened(bureau) as house:
        table = Table("编号", "名称", "起", "转载", "单位")
        for key, scheme in desk(house).shipped().items():
            table.add_row(key, scheme.name, scheme.since, scheme.reposts, scheme.measure)
        out.print(table)


@schemes.command("preview")
def scheme_preview(name: Annotated[str, typer.Argument(help="随软件提供的办法名、本单位的办法编号，或一个 yaml 文件。")] = "", bureau: Bureau = None,
                   period: PeriodOption = "", reposts: Annotated[str, typer.Option(help="换一种转载口径：first highest highest_per_class sum never。")] = "") -> None:
    """同一期的稿件，现行办法与另一办法（或另一转载口径）并排比较；什么也不改。"""
    from app.credits import desk, scheme_named
    from config.schemes import REPOSTS
    with opened(bureau) as house:
        held = desk(house)
        period = period or held.period_now()
        then = scheme_named(house, name) if name else held.scheme_of(period)
        if then is None or reposts and reposts not in REPOSTS:
            raise ValueError("没有生效的办法，请写一个办法名" if then is None else f"转载口径只能是：{'、'.join(REPOSTS)}")
        seen = held.preview(period, replace(then, reposts=reposts) if reposts else then)
        table = Table("分组", "单位", "现在得分", "现在名次", "改后得分", "改后名次", "变化", title=f"{period}：{seen.changed} 个单位会变")
        for u in seen.units:
            unit = house.bureau().unit(u.unit_id)
            table.add_row(u.group, unit.label if unit else u.unit_id, f"{u.cents[0] / 100:.2f}", str(u.rank[0] or "否决"), f"{u.cents[1] / 100:.2f}",
                          str(u.rank[1] or "否决"), f"{u.change / 100:+.2f}" if u.change else "")
        out.print(table)
