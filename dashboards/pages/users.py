"""设置—用户: who may log in.  A new password is made by the program, shown once, and has to be changed at the first log-in."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response
from model.user import Role, User

from dashboards.accounts import hash_password, readable_password
from dashboards.pages.settings import sections
from dashboards.render import page
from dashboards.visitor import NotFound, Posting, Visitor

router = APIRouter()


def _shown(visitor: Visitor, status: int = 200, fresh: tuple[str, str] | None = None, refusal: str = "") -> Response:
    return page(visitor, "settings/users.html", "/settings", status, section="users", sections=sections(visitor),
                users=visitor.office.store.users(), fresh=fresh, refusal=refusal)


def _logged(visitor: Visitor, what: str, name: str) -> None:
    visitor.office.store.audit(visitor.user.name, what, name, "ok", visitor.office.clock.now())


@router.post("/settings/users")
def add(visitor: Posting, name: Annotated[str, Form()] = "", display: Annotated[str, Form()] = "", role: Annotated[str, Form()] = "",
        unit: Annotated[str, Form()] = "") -> Response:
    visitor.need("users", "只有管理员可以增加用户。")
    name, display, store = name.strip(), display.strip(), visitor.office.store
    refusal = _fault(visitor, name, display, role, unit)
    if refusal:
        return _shown(visitor, 400, refusal=refusal)
    password = readable_password()
    made = User(0, name, display or name, Role(role), unit if role == Role.UNIT else "", must_change=True)
    store.save_user(made, hash_password(password))
    _logged(visitor, "user_add", name)
    return _shown(visitor, fresh=(name, password))


def _fault(visitor: Visitor, name: str, display: str, role: str, unit: str) -> str:
    if not 2 <= len(name) <= 32 or not all(c.isalnum() or c in "._-" for c in name):
        return "登录名须为 2 至 32 个字母、数字、汉字或 . _ -。"
    if len(display) > 32:
        return "姓名不能超过 32 个字。"
    if visitor.office.store.user(name):
        return f"登录名“{name}”已存在，请换一个。"
    if role not in set(Role):
        return "请选择角色。"
    if role == Role.UNIT and visitor.office.bureau().unit(unit) is None:
        return "单位联络员须选择所属单位。"
    return ""


def _named(visitor: Visitor, name: str) -> User:
    visitor.need("users", "只有管理员可以修改用户。")
    held = visitor.office.store.user(name)
    if held is None:
        raise NotFound
    return held[0]


@router.post("/settings/users/reset")
def reset(visitor: Posting, name: Annotated[str, Form()] = "") -> Response:
    user, password = _named(visitor, name), readable_password()
    visitor.office.store.save_user(replace(user, must_change=True), hash_password(password))
    _logged(visitor, "user_reset", name)
    return _shown(visitor, fresh=(name, password))


@router.post("/settings/users/active")
def active(visitor: Posting, name: Annotated[str, Form()] = "", on: Annotated[str, Form()] = "") -> Response:
    user = _named(visitor, name)
    if user.id == visitor.user.id:
        return _shown(visitor, 400, refusal="不能停用自己的账号。")
    visitor.office.store.save_user(replace(user, active=bool(on)), None)
    _logged(visitor, "user_on" if on else "user_off", name)
    return _shown(visitor)
