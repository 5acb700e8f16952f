"""Users from the command line: add one, give one a new password, list them."""

from __future__ import annotations

from dataclasses import replace

from app.house import House
from dashboards.accounts import hash_password, readable_password
from model.user import Role, User


def add(house: House, name: str, display: str, role: Role, unit_id: str) -> str:
    """A new user with a first password, which is returned.  ValueError when the name is taken or the unit does not exist."""
    if house.store.user(name):
        raise ValueError(f"用户 {name} 已存在；重设密码用 jianbao user passwd {name}")
    if role is Role.UNIT and not house.bureau().unit(unit_id):
        raise ValueError(f"单位联络员须用 --unit 指定单位；units.yaml 中没有“{unit_id}”")
    return _save(house, User(0, name, display or name, role, unit_id, must_change=True), "user_add")


def reset(house: House, name: str) -> str:
    """A new password for a user, which must be changed at the next log-in.  ValueError when there is no such user."""
    held = house.store.user(name)
    if held is None:
        raise ValueError(f"没有用户 {name}；现有：{'、'.join(u.name for u in house.store.users()) or '无'}")
    return _save(house, replace(held[0], must_change=True, active=True), "user_password")


def _save(house: House, user: User, what: str) -> str:
    password = readable_password()
    house.store.save_user(user, hash_password(password))
    house.store.audit("命令行", what, user.name, "ok", house.clock.now())
    return password
