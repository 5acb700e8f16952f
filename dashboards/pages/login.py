"""Log-in, log-out and the change of the password."""

from __future__ import annotations

import secrets
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from dashboards import accounts, guard
from dashboards.render import bare, page
from dashboards.visitor import Visitor, anyone, find, office_of, posting_anyone

router = APIRouter()


def _before(request: Request) -> str:
    """The name of the cookie that binds the log-in form to the browser it was shown in."""
    return f"{office_of(request).cookie}-before"


def _keep(response: Response, request: Request, name: str, value: str) -> Response:
    response.set_cookie(name, value, httponly=True, samesite="lax", path="/", secure=request.url.scheme == "https")
    return response


def _form(request: Request, target: str, refusal: str = "", name: str = "", status: int = 200) -> Response:
    office = office_of(request)
    before = request.cookies.get(_before(request)) or secrets.token_urlsafe(24)
    answer = bare("login.html", status, bureau=office.bureau(), token=guard.form_token(office.secret, before),
                  target=guard.safe_target(target), refusal=refusal, name=name)
    return _keep(answer, request, _before(request), before)


@router.get("/login")
def show_form(request: Request, next: str = "/") -> Response:
    if find(request):
        return RedirectResponse(guard.safe_target(next), 303)
    return _form(request, next)


@router.post("/login")
def log_in(request: Request, name: Annotated[str, Form()] = "", password: Annotated[str, Form()] = "",
           csrf: Annotated[str, Form()] = "", next: Annotated[str, Form()] = "/") -> Response:
    office = office_of(request)
    if not guard.token_fits(office.secret, request.cookies.get(_before(request), ""), csrf):
        return _form(request, next, "登录页已失效，请重新输入。", name, 403)
    address = request.client.host if request.client else ""
    entry = accounts.log_in(office.store, office.clock, office.bureau().settings.web, name, password, address)
    if not entry.cookie:
        return _form(request, next, entry.refusal, name, 401)
    target = guard.safe_target(next)
    if entry.user and entry.user.must_change:
        target = f"/password?next={quote(target)}"
    answer = _keep(RedirectResponse(target, 303), request, office.cookie, entry.cookie)
    answer.delete_cookie(_before(request))
    return answer


@router.post("/logout")
def log_out(visitor: Annotated[Visitor, Depends(posting_anyone)]) -> Response:
    accounts.log_out(visitor.office.store, visitor.office.clock, visitor.cookie, visitor.user.name)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(visitor.office.cookie)
    return answer


@router.get("/password")
def password_form(visitor: Annotated[Visitor, Depends(anyone)], next: str = "/") -> Response:
    return page(visitor, "password.html", "/password", refusal="", target=guard.safe_target(next))


@router.post("/password")
def change_password(request: Request, visitor: Annotated[Visitor, Depends(posting_anyone)], old: Annotated[str, Form()] = "",
                    new: Annotated[str, Form()] = "", again: Annotated[str, Form()] = "", next: Annotated[str, Form()] = "/") -> Response:
    target = guard.safe_target(next)
    if new != again:
        return page(visitor, "password.html", "/password", 400, refusal="两次输入的新密码不一致。", target=target)
    cookie, refusal = accounts.change_password(visitor.office.store, visitor.office.clock, visitor.user, old, new)
    if not cookie:
        return page(visitor, "password.html", "/password", 400, refusal=refusal, target=target)
    return _keep(RedirectResponse(target, 303), request, visitor.office.cookie, cookie)
