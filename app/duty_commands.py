"""`jianbao duty …`, `jianbao channel …`, `jianbao incident …`: the duty room from the command line."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from app.frame import Bureau, opened, out

duty = typer.Typer(help="值班：谁在班、导入排班、交接班、政策监测。", no_args_is_help=True)
channel = typer.Typer(help="通知渠道：状态、测试、停发的消息。", no_args_is_help=True)
incident = typer.Typer(help="舆情事件：列表、案卷。", no_args_is_help=True)
CLI = "命令行"


def _minute(at: datetime | None) -> str:
    from alerts.times import local
    return f"{local(at):%Y-%m-%d %H:%M}" if at else ""


@duty.command("now")
def now(bureau: Bureau = None) -> None:
    """谁在班，几件未办结，最近的时限。"""
    with opened(bureau) as house:
        at, roster = house.clock.now(), house.roster
        shift, today = house.store.shift_at(at), roster.today()
        out.print(f"{today.day} {today.kind.label} {today.name}" + ("" if today.certain else "（按星期推算）"), markup=False)
        out.print(f"带班 {roster.named(shift.leader)}　值班 {'、'.join(map(roster.named, shift.officers))}　至 {_minute(shift.ends_at)}" if shift
                  else "现在没有排班", markup=False)
        out.print(roster.draft_handover().text, markup=False)


@duty.command("import")
def import_(file: Path, bureau: Bureau = None) -> None:
    """导入值班表（xlsx）；有错就一条也不导入。"""
    with opened(bureau) as house:
        shifts, problems = house.roster.read_sheet(file.read_bytes(), file.name)
        for problem in problems:
            out.print(f"第 {problem.row} 行：{problem.message}" if problem.row else problem.message, markup=False)
        if problems:
            raise typer.Exit(1)
        house.roster.put(shifts, CLI)
        out.print(f"已导入 {len(shifts)} 班。")


@duty.command("blank")
def blank(file: Path, since: Annotated[str, typer.Option(help="起始日，省略为今天。")] = "", days: int = 31, bureau: Bureau = None) -> None:
    """生成空白值班表（xlsx），节假日和调休已标出。"""
    from alerts.times import local
    with opened(bureau) as house:
        first = date.fromisoformat(since) if since else local(house.clock.now()).date()
        file.write_bytes(house.roster.blank_sheet(first, days))
        out.print(f"已生成 {file}", markup=False)


@duty.command("watches")
def watches(bureau: Bureau = None) -> None:
    """政策监测的现状。"""
    with opened(bureau) as house:
        for watch in house.bureau().duty.watches:
            out.print(str(house.watches.report(watch)["text"]), markup=False)
        if not house.bureau().duty.watches:
            out.print("rules.yaml 里没有政策监测（watches）。")


@channel.command("list")
def channels(bureau: Bureau = None) -> None:
    """各通道的状态和停发的消息。"""
    with opened(bureau) as house:
        table, states = Table("通道", "类型", "状态", "上次送达", "说明"), house.store.channel_states()
        for config in house.bureau().channels:
            state = states.get(config.id)
            table.add_row(config.id, config.kind, "不通" if state and state.dead else "正常" if state and state.ok_at else "未用过",
                          _minute(state.ok_at) if state else "", state.detail if state else "")
        out.print(table)
        for task, name, title, reason, since in house.store.parked():
            out.print(f"停发 {task}　{name}　{title}　{reason}　{_minute(since)}", markup=False)


@channel.command("test")
def test(name: str, bureau: Bureau = None) -> None:
    """向一个通道发一条测试消息。"""
    with opened(bureau) as house:
        why = house.channels.test(name, CLI)
        out.print(why or "已送达。", markup=False)
        raise typer.Exit(1 if why else 0)


@channel.command("resend")
def resend(task: int, bureau: Bureau = None) -> None:
    """重发一条停发的消息（serve 进程随即送出）。"""
    with opened(bureau) as house:
        house.channels.send_again(task, CLI)
        out.print("已重新排队。")


@incident.command("list")
def incidents(bureau: Bureau = None, everything: Annotated[bool, typer.Option("--all", help="包括已办结的。")] = False, days: int = 365) -> None:
    """舆情事件，重的在前。"""
    from model.alert import OPEN_STATES
    with opened(bureau) as house:
        table = Table("编号", "等级", "状态", "标题", "媒体", "首次发现", "时限")
        found = house.store.incidents(() if everything else [s.value for s in OPEN_STATES], 1000)
        since = house.clock.now() - timedelta(days=days)
        for one in sorted((i for i in found if i.opened_at >= since), key=lambda i: (i.level, -i.id)):
            table.add_row(str(one.id), one.level.roman, one.state.label, one.title, str(one.outlets), _minute(one.first_seen),
                          _minute(one.due_at))
        out.print(table)


@incident.command("show")
def show(number: int, bureau: Bureau = None) -> None:
    """一个事件的案卷：时限和全部记录。"""
    from model.alert import EVENTS
    with opened(bureau) as house:
        one = house.store.incident(number)
        if one is None:
            raise ValueError(f"没有编号为 {number} 的舆情事件")
        house.store.audit(CLI, "incident_view", str(number), "ok", house.clock.now())
        out.print(f"〔{one.id}〕{one.level.label}　{one.state.label}　{one.title}\n{one.level_reason}\n{one.reason}", markup=False)
        for clock in house.store.case_clocks(number):
            out.print(f"  {clock.name}　{_minute(clock.due_at)}　{clock.state.label}", markup=False)
        for event in house.store.incident_events(number):
            out.print(f"  {_minute(event.at)}　{event.who}　{EVENTS.get(event.what, event.what)}　{event.text}", markup=False)
