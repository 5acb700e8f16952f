"""Who asks and what they may do.  Every page takes a `Visitor` through one of the dependencies below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Form, Request
from model.clipping import Clipping
from model.user import Role, User

from dashboards import accounts, guard
from dashboards.office import Office

_DESK = (Role.ADMIN, Role.DUTY)
_OFFICE = (Role.ADMIN, Role.DUTY, Role.SECRETARIAT)
_READ = (*_OFFICE, Role.READER)
MAY: dict[str, tuple[Role, ...]] = {
    "overview": _READ, "incidents": _READ, "act": _DESK, "note": _OFFICE, "cases": tuple(Role), "instruct": (*_DESK, Role.READER),
    "duty": _READ, "watches": _READ, "outlets": _READ, "digest": _READ,
    "stories": _OFFICE, "names": _OFFICE,
    "teach": _OFFICE, "words": (Role.ADMIN, Role.SECRETARIAT),
    "settings": _OFFICE, "users": (Role.ADMIN,), "audit": (Role.ADMIN,),
    "clippings": tuple(Role), "units": tuple(Role), "credits": tuple(Role),
    "claims": (Role.ADMIN, Role.SECRETARIAT, Role.UNIT),
}


class NeedsLogin(Exception):
    """Nobody is logged in: the answer is the log-in page."""


class NeedsPassword(Exception):
    """The first password has to be changed before anything else."""


class NotFound(Exception):
    """There is no such thing here."""


class Forbidden(Exception):
    """Logged in, but this is not for them; `why` is shown."""

    def __init__(self, why: str = "您的角色不能查看这一页。"):
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Visitor:
    user: User
    cookie: str
    office: Office

    def may(self, what: str) -> bool:
        return self.user.role in MAY[what]

    def need(self, what: str, why: str = "") -> None:
        if not self.may(what):
            raise Forbidden(why or "您的角色不能查看这一页。")

    @property
    def only_unit(self) -> str | None:
        """The unit a liaison is held to; None for everybody else."""
        return self.user.unit_id if self.user.role is Role.UNIT else None

    def may_read(self, clipping: Clipping) -> bool:
        return self.only_unit is None or bool(self.only_unit) and self.only_unit in clipping.unit_ids

    @property
    def token(self) -> str:
        return guard.form_token(self.office.secret, self.cookie)


def office_of(request: Request) -> Office:
    return request.app.state.office


def find(request: Request) -> Visitor | None:
    """Who asks, or None.  What a page asks for by itself (its live parts, the stream) does not keep a session from growing old."""
    office = office_of(request)
    cookie = request.cookies.get(office.cookie, "")
    touch = "hx-request" not in request.headers and request.url.path != "/live"
    user = accounts.visitor_of(office.store, office.clock, office.bureau().settings.web, cookie, touch) if cookie else None
    return Visitor(user, cookie, office) if user else None


def anyone(request: Request) -> Visitor:
    """Logged in, whatever their password's age."""
    visitor = find(request)
    if visitor is None:
        raise NeedsLogin
    return visitor


def logged_in(visitor: Annotated[Visitor, Depends(anyone)]) -> Visitor:
    if visitor.user.must_change:
        raise NeedsPassword
    return visitor


def _with_token(visitor: Visitor, csrf: str) -> Visitor:
    if not guard.token_fits(visitor.office.secret, visitor.cookie, csrf):
        raise Forbidden("表单已失效，请返回刷新后再提交。")
    return visitor


def posting_anyone(visitor: Annotated[Visitor, Depends(anyone)], csrf: Annotated[str, Form()] = "") -> Visitor:
    return _with_token(visitor, csrf)


def posting(visitor: Annotated[Visitor, Depends(logged_in)], csrf: Annotated[str, Form()] = "") -> Visitor:
    """Logged in and sent from a form of ours."""
    return _with_token(visitor, csrf)


Reading = Annotated[Visitor, Depends(logged_in)]
Posting = Annotated[Visitor, Depends(posting)]
