"""Puts the web app together: the guard, the pages in their order, the calm pages for what goes wrong."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from dashboards import metrics
from dashboards.guard import Guard
from dashboards.office import Office
from dashboards.pulse import Pulse
from dashboards.pages import (
    claims, clipping_counts, clippings, credit_acts, credit_papers, credits, digest, duty, duty_channels, duty_papers, duty_steps,
    incidents, lessons, live, login, names, outlets, settings, stories, today, units, users, wall, watches, words,
)
from dashboards.render import STATIC, bare
from dashboards.visitor import Forbidden, NeedsLogin, NeedsPassword, NotFound

_PAGES = (login, today, incidents, duty_steps, duty_papers, duty, duty_channels, wall, watches, clippings,
          clipping_counts, stories, names, outlets,
          units, claims, credits, credit_acts, credit_papers, digest, words, lessons, settings, users, live)
_SAID = {400: "请求有误", 404: "没有这一页", 405: "不能这样操作", 413: "提交的内容过大", 422: "请求有误"}


def make_app(office: Office) -> FastAPI:
    """The app over `office`; serve it with any ASGI server."""
    app = FastAPI(title="剪报", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.office, app.state.pulse = office, Pulse(office.store)
    for module in _PAGES:
        app.include_router(module.router)
    app.include_router(metrics.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_api_route("/healthz", _health, methods=["GET", "HEAD"])
    app.add_exception_handler(NeedsLogin, _to_login)
    app.add_exception_handler(NeedsPassword, lambda request, error: RedirectResponse("/password", 303))
    app.add_exception_handler(Forbidden, _forbidden)
    app.add_exception_handler(NotFound, lambda request, error: _calm(404))
    app.add_exception_handler(HTTPException, lambda request, error: _calm(error.status_code))
    app.add_exception_handler(RequestValidationError, lambda request, error: _calm(400))
    app.add_middleware(Guard, broken=_broken, too_large=lambda: _calm(413))
    return app


def _health(request: Request) -> Response:
    """200 while the store answers; tells nothing to strangers but that."""
    request.app.state.office.store.change_mark()
    return JSONResponse({"ok": True})


def _to_login(request: Request, error: Exception) -> Response:
    if request.method != "GET" or request.url.path == "/live" or request.headers.get("hx-request"):
        return bare("error.html", 401, heading="登录已失效", words="请重新登录后再试。", number="")
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse("/login" if target == "/" else f"/login?next={quote(target)}", 303)


def _forbidden(request: Request, error: Forbidden) -> Response:
    return bare("error.html", 403, heading="没有权限", words=error.why, number="")


def _calm(status: int) -> Response:
    words = {404: "地址可能写错了，或者内容已被清理。", 413: "请精简后再提交。"}.get(status, "请返回上一页重试。")
    return bare("error.html", status, heading=_SAID.get(status, "请求没有成功"), words=words, number="")


def _broken(number: str) -> Response:
    return bare("error.html", 500, heading="程序出错", words="错误已经记录。请稍后再试；如反复出现，请把下面的编号告诉管理员。", number=number)
