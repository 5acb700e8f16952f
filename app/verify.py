"""`jianbao verify`: a form read, handed in, verified, and its report written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from app.claims import PROCESSES, Begin, Desk, quiet
from app.house import House
from model.claim import CellProblem, Claim, Form, Verdict, period as period_of, quarter_of
from pipelines import intake
from pipelines.intake.grid import MAX_BYTES
from pipelines.sheets import Book

_ZONE = timezone(timedelta(hours=8))


def wrong_unit(house: House, unit_id: str, form: Form) -> str:
    """A form that says it is another unit's: what to tell, "" when it fits or says nothing known."""
    bureau = house.bureau()
    said = [u for u in bureau.units if form.unit in (u.name, u.short, *(a.name for a in u.aliases if not a.ambiguous))]
    if said and all(u.id != unit_id for u in said):
        return f"表头的填报单位是“{form.unit}”，不是{bureau.unit(unit_id).name}；请核对单位"
    return ""


def named_unit(house: House, text: str) -> str:
    """The id of a unit given by its id or one of its names.  Raises ValueError."""
    units = house.bureau().units
    fits = [u.id for u in units if u.id == text] or [
        u.id for u in units if text in (u.name, u.short, *(a.name for a in u.aliases if not a.ambiguous))
    ]
    if len(fits) != 1:
        raise ValueError(f"没有叫“{text}”的单位；可用的编号：{'、'.join(f'{u.id}（{u.label}）' for u in units[:40])}")
    return fits[0]


def run(
    house: House,
    file: Path,
    unit_id: str,
    out: Path,
    period: str = "",
    zipped: Path | None = None,
    replace: bool = False,
    processes: int = PROCESSES,
    begin: Begin = quiet,
) -> tuple[Form, list[Claim]]:
    """Read, hand in, verify, write the report into `out`.  A form with problems is returned with no claims and nothing is kept.

    The same file handed in again for the unit and period is verified anew, not handed in twice.
    """
    desk = Desk(house, processes)
    unit_id = named_unit(house, unit_id)
    too_big = file.stat().st_size > MAX_BYTES
    with open(file, "rb") as source:
        data = source.read(MAX_BYTES + 1)
    form = intake.read(data, file.name, period)
    if too_big:
        form = replace_form(
            form,
            CellProblem(
                0,
                "",
                f"文件有 {file.stat().st_size / 1e6:.0f} MB，超过上限 {MAX_BYTES // 1_000_000} MB；季报表里不要贴图片和视频，佐证材料另行打包上传",
            ),
        )
    if not form.problems and (told := wrong_unit(house, unit_id, form)):
        form = replace_form(form, CellProblem(0, "填报单位", told))
    out.mkdir(parents=True, exist_ok=True)
    if form.problems:
        write_problems(form, out)
        return form, []
    span = period_of(period or form.period).id if period or form.period else _quarter(form, house.clock.now())
    if not (period or form.period):
        form = intake.read(data, file.name, span)
        if form.problems:
            write_problems(form, out)
            return form, []
    earlier = [s for s in house.store.submissions(unit_id, span) if s.replaced_by is None]
    same = next((s.id for s in earlier if s.sha256 == form.sha256), None)
    submission = same or desk.hand_in(unit_id, span, form, "命令行", earlier[0].id if replace and earlier else None)
    if zipped is not None and (faults := desk.attach(submission, zipped, "命令行")):
        form = replace_form(form, *faults)
        write_problems(form, out)
        return form, []
    claims = desk.verify(submission, begin)
    write_report(house, claims, out)
    return form, claims


def _quarter(form: Form, now: datetime) -> str:
    """The quarter most rows lie in, else the present one."""
    days = sorted(r.day for r in form.rows if r.day)
    day = date.fromisoformat(days[len(days) // 2]) if days else now.astimezone(_ZONE).date()
    return quarter_of(day).id


def replace_form(form: Form, *problems: CellProblem) -> Form:
    return replace(form, rows=(), problems=problems)


def write_problems(form: Form, out: Path) -> None:
    with Book(str(out / "填报问题.xlsx"), "填报问题") as book:
        sheet = book.sheet("填报问题", (8, 26, 60, 40))
        sheet.head("行", "列", "问题", "填的内容")
        for problem in form.problems:
            sheet.add(problem.row or "", problem.column, problem.message, problem.value)


def write_report(house: House, claims: Sequence[Claim], out: Path) -> None:
    """核对结果.xlsx for people (a row a claim, and every check), verdicts.jsonl for programs."""
    with Book(str(out / "核对结果.xlsx"), "季报表核对结果") as book:
        sheet = book.sheet("核对结果", (8, 40, 14, 20, 50, 10, 70, 40, 40))
        sheet.head("序号", "稿件标题", "发布时间", "发布媒体", "网址", "结论", "理由", "请确认", "转载归属")
        for claim in claims:
            row, found = claim.row, claim.finding
            sheet.add(
                row.number,
                row.title,
                row.day,
                row.outlet,
                "\n".join(row.urls),
                claim.standing.label,
                "；".join(found.reasons),
                found.question,
                found.credited_to,
            )
        detail = book.sheet("各项核对", (8, 40, 12, 10, 40, 40, 70))
        detail.head("序号", "稿件标题", "核对项", "结果", "填报", "查到", "说明")
        for claim in claims:
            for check in claim.finding.checks:
                detail.add(claim.row.number, claim.row.title, check.name, check.outcome.label, check.claimed, check.found, check.reason)
        summary = book.sheet("汇总", (16, 10))
        summary.head("结论", "篇数")
        for verdict in (Verdict.VERIFIED, Verdict.DOUBTFUL, Verdict.REJECTED, Verdict.PENDING):
            summary.add(verdict.label, sum(c.standing is verdict for c in claims))
        summary.add("合计", len(claims))
    with open(out / "verdicts.jsonl", "w", encoding="utf-8") as lines:
        for claim in claims:
            lines.write(json.dumps(as_line(claim), ensure_ascii=False) + "\n")


def as_line(claim: Claim) -> dict[str, object]:
    row, found = claim.row, claim.finding
    return {
        "number": row.number,
        "title": row.title,
        "day": row.day,
        "outlet": row.outlet,
        "urls": list(row.urls),
        "verdict": claim.standing.label,
        "reasons": list(found.reasons),
        "question": found.question,
        "credited_to": found.credited_to,
        "article": found.article_id,
        "url": found.url,
        "checks": [
            {"name": c.name, "outcome": c.outcome.value, "claimed": c.claimed, "found": c.found, "reason": c.reason} for c in found.checks
        ],
    }
