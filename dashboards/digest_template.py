"""The bureau's own Word templates: written in Word with fields like {{ 期号 }}, filled with the digest's numbers.

A field that does not exist is refused with its name, wherever it stands, before anything is written.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.exceptions import UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from model.digest import TOP, Digest, DigestItem

from dashboards import pdf, show
from dashboards.digest import moved, require_sound, scored, unconfirmed
from dashboards.digest_paper import as_of, clock, people, place, standing, summary, unit_names, when
from dashboards.gbt9704 import clean
from dashboards.pictures import percent, pictures

_MOST = 20_000_000                 # bytes of a template, and of what it unpacks to ten times
_PIECE = ("序号", "标题", "出处", "日期", "作者", "单位", "首发", "篇数", "网址", "类别", "按语")
ROWS = {                           # fields of what a list repeats
    "类别": ("名称", "篇数", "占比", "首发", "转载", "上期", "稿件"), "稿件": _PIECE, "要闻": _PIECE, "自有稿件": _PIECE,
    "事件": ("等级", "标题", "单位", "媒体", "稿件", "时限", "状态", "回应"), "排名": ("分组", "名次", "变化", "单位", "篇数", "得分"),
    "见报单位": ("单位", "篇数", "首发", "负面"), "任务": ("分组", "单位", "报送", "采用", "任务", "完成"), "异常媒体": ("媒体", "自", "说明"),
}
_PICTURES = {"图_走势": "trend", "图_占比": "share", "图_单位": "units", "图_传播": "spread"}


class TemplateRefused(ValueError):
    """The template cannot be filled; the text, in Chinese, names the field."""


class _Unknown(StrictUndefined):
    """A field that is not there, told by its name, however it is used."""

    def _refuse(self, *args: object, **kwargs: object):
        raise TemplateRefused(f"模板里的字段“{self._undefined_name}”不存在")

    _fail_with_undefined_error = _refuse
    __str__ = __iter__ = __len__ = __eq__ = __ne__ = __bool__ = __hash__ = __call__ = __html__ = _refuse


def fields(digest: Digest) -> dict[str, object]:
    """Every field a template may name."""
    last = digest.until - timedelta(microseconds=1)
    return {
        "单位": clean(digest.bureau), "标题": clean(f"{digest.bureau}{digest.title}"), "期号": digest.number, "编辑单位": clean(digest.office),
        "起": show.long_day(digest.since), "止": show.long_day(last), "日期": show.long_day(digest.made_at), "截至": as_of(digest),
        "导语": clean(digest.lead), "总述": clean(summary(digest)), "总数": digest.total, "上期总数": digest.previous_total, "首发": digest.firsts,
        "转载": digest.reposts, "首发未确认": unconfirmed(digest), "负面": digest.negative, "自有平台": digest.own_total, "事件数": len(digest.incidents),
        "此前未办结": digest.carried, "应读媒体": digest.coverage.outlets, "读到媒体": digest.coverage.read, "隔离页面": digest.coverage.quarantined,
        "类别": [{"名称": clean(c.name), "篇数": c.pieces, "占比": percent(c.pieces, digest.total), "首发": c.firsts, "转载": c.reposts,
        "上期": c.previous,
                "稿件": [_item(digest, i, n) for n,
                i in enumerate((i for i in digest.printed if digest.shelf(i) == c.class_id), 1)]} for c in digest.classes],
        "要闻": [_item(digest, i, n) for n, i in enumerate((i for i in digest.printed if digest.shelf(i) == TOP), 1)],
        "稿件": [_item(digest, i, n) for n, i in enumerate(digest.printed, 1)],
        "自有稿件": [_item(digest, i, n) for n, i in enumerate((i for i in digest.own_items if i.article_id not in digest.left_out), 1)],
        "事件": [{"等级": e.incident.level.label, "标题": clean(e.incident.title), "单位": clean(unit_names(digest, e)), "媒体": e.incident.outlets,
                "稿件": e.incident.articles, "时限": clock(e), "状态": e.incident.state.label, "回应": clean(e.answer)} for e in digest.events],
        "排名": [{"分组": clean(s.group), "名次": s.rank or "否决", "变化": moved(digest, s),
        "单位": clean(digest.unit_names.get(s.unit_id, s.unit_id)),
                "篇数": s.pieces, "得分": show.points(s.cents)} for s in scored(digest)],
        "见报单位": [{"单位": clean(u.label), "篇数": u.pieces, "首发": u.firsts, "负面": u.negative} for u in digest.units],
        "任务": [{"分组": clean(t.group), "单位": clean(t.label), "报送": t.submitted, "采用": t.adopted, "任务": t.needed, "完成": "是" if t.met else "否"}
                for t in digest.tasks],
        "异常媒体": [{"媒体": clean(w.outlet), "自": show.minute(w.since), "说明": clean(w.reason)} for w in digest.coverage.worries],
    }


def _item(digest: Digest, item: DigestItem, number: int) -> dict[str, object]:
    return {"序号": number, "标题": clean(item.title), "出处": clean(place(item)), "日期": when(item), "作者": clean(people(item)),
        "单位": clean("、".join(item.units)),
            "首发": standing(item), "篇数": item.copies, "网址": clean(show.web_address(item.url)), "类别": clean(item.class_name),
            "按语": clean(digest.notes.get(item.article_id, ""))}


def filled(template: Path, digest: Digest) -> bytes:
    """The template with the digest's values.  Raises TemplateRefused, and DoesNotAddUp when parts do not make totals."""
    require_sound(digest)
    try:
        if template.stat().st_size > _MOST or sum(i.file_size for i in zipfile.ZipFile(template).infolist()) > 10 * _MOST:
            raise TemplateRefused("模板文件过大")
        paper = DocxTemplate(template)
        environment = ImmutableSandboxedEnvironment(undefined=_Unknown, autoescape=True)
        values = fields(digest)
        named = paper.get_undeclared_template_variables(environment)
        paper.init_docx()
        inside = _inside(environment.parse(paper.patch_xml(paper.get_xml())))
        if unknown := sorted((named - values.keys() - _PICTURES.keys()) | inside):
            raise TemplateRefused("模板里的字段" + "、".join(f"“{name}”" for name in unknown) + "不存在")
        values.update(_drawn(paper, digest, named))
        paper.render(values, environment, autoescape=True)
        held = io.BytesIO()
        paper.save(held)
        return held.getvalue()
    except TemplateRefused:
        raise
    except UndefinedError as error:
        raise TemplateRefused(f"模板里有不存在的字段：{error.message}") from None
    except TemplateError as error:
        raise TemplateRefused(f"模板写法有误：{error.message}") from None
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise TemplateRefused(f"模板打不开或填不进去：{type(error).__name__}") from None


def _inside(tree: nodes.Template) -> set[str]:
    """Fields asked of a list's pieces that no piece has, told even when this span's list is empty."""
    held: dict[str, set[str]] = {}         # loop variable → fields it may be asked for
    for loop in tree.find_all(nodes.For):
        source = loop.iter.name if isinstance(loop.iter, nodes.Name) else loop.iter.attr if isinstance(loop.iter, nodes.Getattr) else ""
        if isinstance(loop.target, nodes.Name) and source in ROWS:
            held.setdefault(loop.target.name, set()).update(ROWS[source])
    asked = ((one.node.name, one.attr) for one in tree.find_all(nodes.Getattr) if isinstance(one.node, nodes.Name))
    return {field for variable, field in asked if variable in held and field not in held[variable]}


def _drawn(paper: DocxTemplate, digest: Digest, named: set[str]) -> Mapping[str, object]:
    wanted = {field: name for field, name in _PICTURES.items() if field in named}
    if not wanted:
        return {}
    held = {p.name: p for p in pictures(digest)}
    names = [n for n in wanted.values() if n in held]
    made = dict(zip(names, pdf.pngs([held[n].svg for n in names])))
    return {field: InlineImage(paper, io.BytesIO(made[name]), width=Mm(150)) if name in made else "（无）" for field, name in wanted.items()}
