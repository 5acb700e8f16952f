"""`jianbao words`: changes of words and rules rehearsed on the archive of 90 days, cases of the desk, training."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from app.frame import SHANGHAI, Bureau, err, opened, out, tell
from model.opinion import Label
from model.rehearsal import Change, Rehearsal, Tried, WordChange

words = typer.Typer(no_args_is_help=True, help="词表、本单位规则、误报漏报案例：试算、保存、训练。")
SHOWN = 30
Save = Annotated[bool, typer.Option("--save", help="试算之后就保存。")]
Who = Annotated[str, typer.Option(help="记在文件里的改动人。")]


def _desk(house):
    from app.words import WordsDesk
    return WordsDesk(house.folder, house.store, house.bureau, house.clock)


@words.command("rehearse")
def rehearse(file: Annotated[Path, typer.Argument(help="改好而还没有放进单位文件夹的 words.yaml。", exists=True, dir_okay=False)], bureau: Bureau = None) -> None:
    """试算：换成这份 words.yaml，近 90 天哪些稿件会新增报警、哪些不再报警，哪些案例会改判。"""
    with opened(bureau, "words") as house:
        tried = _desk(house).rehearse_text(file.read_text(encoding="utf-8"), whole=True)
        _shown(house, tried)


@words.command("change")
def change(place: Annotated[str, typer.Argument(help="改哪一处：主题编号.strong、.weak、.masked，或 frames、reverse、flips.F1、extra.calm。")],
           add: list[str] = typer.Option([], help="添上的词。"), remove: list[str] = typer.Option([], help="去掉的词。"), save: Save = False,
           who: Who = "命令行", bureau: Bureau = None) -> None:
    """添词、去词、换词：先试算，加 --save 才写进 words.yaml。"""
    with opened(bureau, "words") as house:
        desk, asked = _desk(house), WordChange(place, tuple(add), tuple(remove))
        tried = desk.rehearse(asked, who, whole=True)
        _shown(house, tried)
        if save:
            faults = [p for p in desk.save(asked, who, tried.mark) if not p.warning]
            if faults:
                tell(faults)
                raise typer.Exit(3)
            out.print("已保存。", markup=False)


@words.command("cases")
def cases(bureau: Bureau = None, wrong: Annotated[bool, typer.Option(help="只列现在仍判得与人不同的。")] = False) -> None:
    """列出值班员标的误报、漏报案例，并用现在的词表、规则和经验修正逐条再判。"""
    from analysis.mentions import Names
    from analysis.rehearsal import label_of
    from analysis.ruled import RuledJudge
    with opened(bureau, "words") as house:
        held, problems = _desk(house).lessons()
        judge, names = RuledJudge(house.bureau().vocabulary, house.learned()), Names(house.bureau().units, house.bureau().vocabulary.place_traps)
        table, right = Table("何时", "何人", "点击", "应为", "现判", "标题", "理由"), 0
        for x in held:
            now = label_of(judge, x, names.find(x.title, x.text) if x.unit_id else ())
            right += now == x.label
            if not (wrong and now == x.label):
                table.add_row(x.at[:16], x.who, x.click, Label(x.label).label, Label(now).label, x.title, x.reason)
    for problem in problems:
        err.print(str(problem), markup=False)
    out.print(table)
    out.print(f"案例 {len(held)} 条，现判与人一致 {right} 条。", markup=False)


@words.command("train")
def train(bureau: Bureau = None) -> None:
    """用全部案例重新训练经验修正，处理进程随即采用。"""
    with opened(bureau, "words") as house:
        taught = _desk(house).train()
    table = Table("信号或词", "权重", title=f"{taught.cases} 条案例，{len(taught.weights)} 个权重")
    for name, weight in list(taught.weights.items())[:SHOWN]:
        table.add_row(name, f"{weight:+.2f}")
    out.print(table)
    if not taught.enabled:
        err.print("经验修正在 settings.yaml 里关着（learning.enabled: false），现在不起作用。", markup=False)


def _shown(house, tried: Tried) -> None:
    if tried.rehearsal is None:
        tell(tried.faults)
        raise typer.Exit(3)
    made: Rehearsal = tried.rehearsal
    names = {u.id: u.label for u in house.bureau().units}
    out.print(f"近 90 天剪报 {made.read} 篇，含有改动所及的词、已重判 {made.judged} 篇，用时 {made.seconds:.1f} 秒：新增报警 {len(made.newly)} 篇，"
              f"不再报警 {len(made.no_longer)} 篇，仅类别、主题、指向或程度有变 {len(made.otherwise)} 篇；案例 {made.cases} 条，改判 {len(made.lessons)} 条。", markup=False)
    _listed("会新增报警", made.newly, names, house.address())
    _listed("不再报警", made.no_longer, names, house.address())
    if made.lessons:
        table = Table("案例", "人定为", "现在", "改后", title="改判的案例")
        for lesson, before, after in made.lessons[:SHOWN]:
            table.add_row(lesson.title, Label(lesson.label).label, Label(before).label, Label(after).label)
        out.print(table)


def _listed(title: str, changes: Sequence[Change], names: dict[str, str], address: str) -> None:
    if not changes:
        return
    table = Table("日期", "剪报", "标题", "单位", "依据的词", title=f"{title} {len(changes)} 篇" + (f"，只列最近 {SHOWN} 篇" if len(changes) > SHOWN else ""))
    for c in changes[:SHOWN]:
        j = c.after if c.after.label is Label.NEGATIVE or c.after.alarm else c.before
        table.add_row(f"{c.article.at.astimezone(SHANGHAI):%m-%d}", str(c.article.id), c.article.title, names.get(j.unit_id, j.unit_id) or "全文", "、".join(j.words[:5]))
    out.print(table)
    out.print(f"网页：{address}/clippings/剪报编号", markup=False)
