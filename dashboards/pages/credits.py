"""积分: the ranking within groups, the ledger with the arithmetic of every row, and a unit's own page with its appeals."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from model.bureau import Bureau
from model.circular import Statement
from model.claim import period as span_of
from model.credit import LedgerRow, PeriodState, Standing
from model.ports import Store
from model.ports_credits import CreditsDesk
from model.user import Role

from dashboards.digest import standings
from dashboards.render import page
from dashboards.visitor import Forbidden, NotFound, Reading, Visitor

router = APIRouter()
_ALL = 1_000_000                   # a quarter's ledger is read whole: a ranking of a part of it would be false
SHOWN = 300
_DRAWN = 20
SECRETARIAT = (Role.ADMIN, Role.SECRETARIAT)
KINDS = {"award": "奖惩", "veto": "一票否决", "start": "基础分", "quota": "任务扣分", "rate": "采用率扣分", "adjust": "更正", "piece": ""}


def desk_of(visitor: Visitor) -> CreditsDesk:
    visitor.need("credits")
    if visitor.office.credits is None:
        raise NotFound
    return visitor.office.credits


def may_score(visitor: Visitor) -> bool:
    return visitor.user.role in SECRETARIAT


def need_score(visitor: Visitor) -> CreditsDesk:
    """The desk, for those who keep the ledger."""
    if not may_score(visitor):
        raise Forbidden("只有秘书处和管理员可以办理积分。")
    return desk_of(visitor)


def label(name: str) -> str:
    """`2026年第四季度`, `2026年3月`; a name that is none as it is."""
    try:
        return span_of(name).label
    except ValueError:
        return name


def chosen(desk: CreditsDesk, name: str, count: int = 8) -> tuple[str, list[PeriodState]]:
    """(the period asked for where it is one of those offered, else this one; the periods offered)."""
    offered = desk.periods(count)
    return (name if name in {p.id for p in offered} else offered[0].id), offered


def frame(visitor: Visitor, tab: str, **more: object) -> dict[str, object]:
    """What every page of credits shows: its tabs, with what waits."""
    desk = desk_of(visitor)
    tabs = [("", "排名和台账", "/credits"), ("circular", "通报", "/credits/circular"), ("annual", "年度汇总", "/credits/annual")]
    if may_score(visitor):
        waiting, appeals = len(desk.proposals()), len(desk.appeals(state="open"))
        tabs += [("nods", f"待点头 {waiting or ''}".strip(), "/credits/nods"), ("appeals", f"申诉 {appeals or ''}".strip(), "/credits/appeals"),
                 ("awards", "奖惩", "/credits/awards"), ("periods", "结账", "/credits/periods"), ("preview", "办法预览", "/credits/preview"),
                 ("reconcile", "申报比对", "/credits/reconcile")]
    if visitor.only_unit is not None:
        tabs = [("", "排名和台账", "/credits"), ("unit", "本单位对账单", "/credits/unit")]
    return {"tab": tab, "tabs": tabs, "label": label, "scorer": may_score(visitor), **more}


@router.get("/credits")
def index(visitor: Reading, period: str = "", unit: str = "") -> Response:
    desk, office = desk_of(visitor), visitor.office
    bureau = office.bureau()
    period, periods = chosen(desk, period)
    only = visitor.only_unit
    unit = unit if only is None else only
    rows = office.store.ledger(period=period, limit=_ALL)
    scheme = desk.scheme_of(period)
    booked = {row.class_id: row.class_name for row in rows if row.kind == "piece"}
    ordered = {c.id: c.name for c in scheme.classes if c.id in booked or period == periods[0].id} if scheme else {}
    columns = {**ordered, **{k: v for k, v in booked.items() if k not in ordered}}
    placed = [s for s in standings(rows, bureau) if only is None or s.unit_id == only]
    groups: dict[str, list[Standing]] = {}
    for standing in placed:
        groups.setdefault(standing.group, []).append(standing)
    listed = [r for r in rows if not unit or r.unit_id == unit] if only != "" else []
    names = {u.id: u.label for u in bureau.units}
    return page(visitor, "credits.html", "/credits", groups=groups, columns=columns, rows=listed[:SHOWN], listed=len(listed),
                total=sum(r.cents for r in listed), period=period, periods=periods, unit=unit, scheme=scheme,
                titles=titles_of(office.store, listed[:SHOWN]), labels=names, chart=_chart(placed, names, rows, columns), **frame(visitor, ""))


def _chart(placed: list[Standing], names: dict[str, str], rows: list[LedgerRow], columns: dict[str, str]) -> dict[str, object] | None:
    """Points of the first units, by class and the rest."""
    drawn = sorted((s for s in placed if s.cents > 0), key=lambda s: -s.cents)[:_DRAWN]
    if not drawn:
        return None
    sums: dict[tuple[str, str], int] = {}
    for row in rows:
        key = row.class_id if row.kind == "piece" else ""
        sums[row.unit_id, key] = sums.get((row.unit_id, key), 0) + row.cents
    series = [{"name": name, "data": [sums.get((s.unit_id, key), 0) / 100 for s in drawn]} for key, name in {**columns, "": "其他加减"}.items()]
    return {"kind": "bars", "axis": [names.get(s.unit_id, s.unit_id) for s in drawn], "series": [s for s in series if any(s["data"])]}


def titles_of(store: Store, rows: list[LedgerRow]) -> dict[int, str]:
    """article id → title, for the rows shown."""
    return {c.id: c.article.title for c in store.clippings(list({r.article_id for r in rows if r.article_id}))}


@router.get("/credits/unit")
def mine(visitor: Reading) -> Response:
    if not visitor.only_unit:
        raise NotFound
    return RedirectResponse(f"/credits/unit/{visitor.only_unit}", 303)


@router.get("/credits/unit/{unit_id}")
def one(visitor: Reading, unit_id: str, period: str = "") -> Response:
    return shown(visitor, unit_id, period)


def statement_of(visitor: Visitor, unit_id: str, period: str) -> Statement:
    """The unit's statement, where the visitor may see it."""
    desk = desk_of(visitor)
    if visitor.only_unit not in (None, unit_id):
        raise NotFound
    try:
        return desk.statement(unit_id, period)
    except ValueError:
        raise NotFound from None


def shown(visitor: Visitor, unit_id: str, period: str, status: int = 200, refusal: str = "", text: str = "") -> Response:
    """A unit's page: the account, every row, its appeals; `refusal` says why something was not done."""
    desk = desk_of(visitor)
    period, periods = chosen(desk, period)
    statement = statement_of(visitor, unit_id, period)
    return page(visitor, "credits/unit.html", "/credits", status, statement=statement, unit_id=unit_id, period=period, periods=periods,
                appeals=desk.appeals(unit_id), refusal=refusal, text=text, kinds=KINDS, may_appeal=visitor.only_unit == unit_id, **frame(visitor, "unit"))


def names_of(bureau: Bureau) -> dict[str, str]:
    return {u.id: u.label for u in bureau.units}
