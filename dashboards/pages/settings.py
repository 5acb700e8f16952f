"""设置: what is configured and what is wrong with it, what became of the pages, what waits in the outbox.  Secrets are never read here."""

from __future__ import annotations

from collections import Counter

from fastapi import APIRouter
from fastapi.responses import Response
from model.page import PageStatus

from dashboards.render import page
from dashboards.scheme_words import base_words, rules_of
from dashboards.visitor import NotFound, Reading
from dashboards.weeks import local

router = APIRouter()
SECTIONS = {"": "概览", "outlets": "媒体名录", "units": "单位名录", "words": "词表与规则", "lessons": "误报与漏报", "rules": "分级规则", "schemes": "计分办法",
            "channels": "通知渠道", "users": "用户", "audit": "操作记录"}
_RESTRICTED = ("users", "audit")


@router.get("/settings")
def overview(visitor: Reading) -> Response:
    visitor.need("settings")
    store = visitor.office.store
    counts = store.page_counts()
    return page(visitor, "settings/overview.html", "/settings", section="", sections=sections(visitor), problems=visitor.office.problems(),
                pages=[(status, counts.get(status.value, 0)) for status in PageStatus], pages_total=sum(counts.values()),
                tasks=store.task_counts(), sent=store.sent(30), quarantined=store.quarantined(50))


def sections(visitor) -> list[tuple[str, str]]:
    return [(key, name) for key, name in SECTIONS.items() if key not in _RESTRICTED or visitor.may(key)]


@router.get("/settings/{section}")
def one(visitor: Reading, section: str) -> Response:
    if section not in SECTIONS or not section:
        raise NotFound
    visitor.need("settings")
    values: dict[str, object] = {"section": section, "sections": sections(visitor)}
    if section in _RESTRICTED:
        visitor.need(section)
    if section == "audit":
        values["rows"] = visitor.office.store.audit_rows(300)
    if section == "users":
        values |= {"users": visitor.office.store.users(), "fresh": None, "refusal": ""}
    if section == "rules":
        values["topics"] = {t.id: t.name for t in visitor.office.bureau().vocabulary.topics}
    if section == "schemes":
        bureau = visitor.office.bureau()
        values |= {"force": bureau.scheme_on(local(visitor.office.clock.now()).date().isoformat()), "base_words": base_words,
                   "spoken": lambda scheme: rules_of(scheme, bureau)}
    if section == "outlets":
        values["by_tier"] = Counter(o.tier for o in visitor.office.bureau().outlets)
    return page(visitor, f"settings/{section}.html", "/settings", **values)
