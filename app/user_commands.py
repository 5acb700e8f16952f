"""Commands about the people who may log in."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from app.frame import Bureau, opened, out
from model.user import Role

users = typer.Typer(help="用户：添加、重设密码、列出。", no_args_is_help=True)


@users.command("add")
def user_add(name: str, role: Annotated[Role, typer.Option(help="角色。")] = Role.READER, display: Annotated[str, typer.Option(help="显示的姓名。")] = "",
             unit: Annotated[str, typer.Option(help="单位编号（单位联络员必填）。")] = "", bureau: Bureau = None) -> None:
    """添加用户，显示首次密码。"""
    from app.people import add
    with opened(bureau) as house:
        out.print(f"用户 {name} 的首次密码：{add(house, name, display, role, unit)}", markup=False)


@users.command("passwd")
def user_passwd(name: str, bureau: Bureau = None) -> None:
    """重设密码，显示新密码；下次登录须修改。"""
    from app.people import reset
    with opened(bureau) as house:
        out.print(f"用户 {name} 的新密码：{reset(house, name)}", markup=False)


@users.command("list")
def user_list(bureau: Bureau = None) -> None:
    """列出用户。"""
    with opened(bureau) as house:
        table = Table("登录名", "姓名", "角色", "单位", "启用")
        for user in house.store.users():
            table.add_row(user.name, user.display, user.role.label, user.unit_id, "是" if user.active else "否")
        out.print(table)
