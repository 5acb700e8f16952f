"""Draws a page: Jinja with autoescape everywhere, undefined names are errors, the frame's values in one place."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from model.alert import IncidentState, Level
from model.opinion import Label
from model.outlet import Tier
from model.source_state import Health

from dashboards import show, weeks
from dashboards.visitor import Visitor

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
_NAVIGATION = (
    ("/", "今日", "overview"), ("/incidents", "舆情", "cases"), ("/duty", "值班", "duty"),
    ("/watches", "监测", "watches"), ("/clippings", "剪报", "clippings"), ("/names", "待定名称", "names"), ("/outlets", "媒体", "outlets"),
    ("/units", "单位", "units"), ("/claims", "申报", "claims"), ("/credits", "积分", "credits"), ("/digest", "周报", "digest"), ("/settings", "设置", "settings"),
)


@cache
def asset(name: str) -> str:
    """The address of a file of ours with a mark of its content, so that an upgrade is never read from an old cache."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]}"


def _environment() -> Environment:
    made = Environment(loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)
    made.filters.update(show.FILTERS)
    made.globals.update(asset=asset, Level=Level, Tier=Tier, Label=Label, Health=Health, IncidentState=IncidentState,
                        week_key=weeks.week_key, quarter_label=weeks.quarter_label)
    return made


_TEMPLATES = _environment()


def page(visitor: Visitor, template: str, here: str, status: int = 200, **values: object) -> HTMLResponse:
    """A whole page for a visitor; `here` is the address of the navigation entry that is lit.

    `live_after`: the last incident event the page knows of; a page that shows incidents reads it before it reads them.
    """
    bureau, now = visitor.office.bureau(), visitor.office.clock.now()
    live = visitor.may("cases") and not visitor.user.must_change
    if "live_after" not in values:
        values["live_after"] = visitor.office.store.last_event_id() if live else None
    menu = [] if visitor.user.must_change else [(path, name) for path, name, what in _NAVIGATION if visitor.may(what)]
    frame = {"visitor": visitor, "bureau": bureau, "now": now, "here": here, "token": visitor.token, "navigation": menu,
             "troubles": visitor.office.troubles() if visitor.may("overview") else ()}
    return HTMLResponse(_TEMPLATES.get_template(template).render(**frame, **values), status_code=status)


def part(visitor: Visitor, template: str, **values: object) -> HTMLResponse:
    """A piece of a page, for a live page that asks for it again."""
    frame = {"visitor": visitor, "bureau": visitor.office.bureau(), "now": visitor.office.clock.now(), "token": visitor.token}
    return HTMLResponse(_TEMPLATES.get_template(template).render(**frame, **values))


def bare(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A page outside the frame: log-in, errors."""
    return HTMLResponse(_TEMPLATES.get_template(template).render(**values), status_code=status)
