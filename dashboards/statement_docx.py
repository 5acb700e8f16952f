"""A unit's statement and the annual roll-up as Word files, in the same styles as the circular."""

from __future__ import annotations

from pathlib import Path

from model.circular import Annual, Statement, require_sound

from dashboards import show
from dashboards.circular_docx import COUNTS
from dashboards.gbt9704 import Paper, chinese, clean


def write(statement: Statement, path: Path | str) -> None:
    """Write the file.  Raises DoesNotLeave when the rows do not make the sum."""
    require_sound(statement)
    line, paper = statement.line, Paper()
    title = f"{line.label}{statement.label}积分对账单"
    paper.document.core_properties.title = clean(title)
    paper.add("内部资料 注意保存", "密注")
    paper.add(title, "Title")
    paper.add("一、总体情况", "Heading 1")
    place = "一票否决，不参加排名" if line.vetoed else f"在“{line.group}”{statement.in_group}个单位中列第{line.rank}名"
    paper.add(f"{statement.label}报送{line.submitted}条，核实{line.verified}条，采用{line.adopted}篇；稿件得分{show.points(line.piece_cents)}，"
              f"其他加减分{show.points(line.other_cents)}，合计{show.points(line.cents)}{statement.measure}，{place}。"
              + ("本期尚未结账。" if statement.state.open else ""))
    paper.add(f"计分办法：{statement.scheme}。")
    for s in statement.shortfalls:
        paper.add(f"{s.label}应{COUNTS[s.counts]}{s.needed}篇，完成{s.had}篇。")
    paper.add("二、记账明细", "Heading 1")
    if not statement.rows:
        paper.add("本期没有记账。")
    else:
        rows: list[tuple[object, ...]] = [
            (r.id, statement.titles.get(r.id, r.class_name), r.arithmetic, show.points(r.cents),
             r.reason + (f"（更正第{r.corrects}号）" if r.corrects else "")) for r in statement.rows]
        paper.table(("行号", "稿件或事项", "算法", "得分", "理由"), [*rows, ("合计", "", "", show.points(line.cents), "")], (14, 40, 38, 18, 46))
    paper.add("如有异议，请在接到本对账单后提出申诉，写明行号和理由。")
    paper.add("")
    paper.add(statement.office or statement.bureau, "落款")
    paper.add(show.long_day(statement.made_at), "落款")
    paper.document.save(str(path))


def write_annual(annual: Annual, path: Path | str) -> None:
    """Write the file.  Raises DoesNotLeave when the periods do not make the year."""
    require_sound(annual)
    paper = Paper()
    title = f"{annual.year}年度宣传信息工作积分汇总"
    paper.document.core_properties.title = clean(title)
    paper.add(title, "Title")
    left = [annual.labels[p.id] for p in annual.periods if p.open]
    paper.add("全年各期均已结账。" if not left else f"尚未结账：{'、'.join(left)}。")
    groups: dict[str, list] = {}
    for line in annual.lines:
        groups.setdefault(line.group, []).append(line)
    heads = [annual.labels[p.id].removeprefix(f"{annual.year}年") for p in annual.periods]
    shown = len(heads) <= 4        # twelve months stand in the workbook
    for number, (group, lines) in enumerate(groups.items(), 1):
        paper.add(f"{chinese(number)}、{group}", "Heading 1")
        rows: list[tuple[object, ...]] = [
            ("否决" if a.vetoed else a.rank, a.label, *((show.points(a.by_period[p.id]) for p in annual.periods) if shown else ()),
             a.pieces, show.points(a.cents)) for a in lines]
        paper.table(("名次", "单位", *(heads if shown else ()), "采用", "全年得分"), rows,
                    (15, 36, *((21,) * len(heads) if shown else ()), 14, 20))
    paper.add("")
    paper.add(annual.office or annual.bureau, "落款")
    paper.add(show.long_day(annual.made_at), "落款")
    paper.document.save(str(path))
