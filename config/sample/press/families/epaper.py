"""An e-paper: layout pages `node_N.htm` with an image map, content pages that name date, page number and page name."""

from html import escape as e
from typing import Sequence

from config.sample.press.families.parts import paragraphs, picture
from config.sample.press.piece import House, Piece

_WEEK = "一二三四五六日"


def article(p: Piece, part: int, near: Sequence[Piece]) -> str:
    h, t = p.house, p.published
    kicker = f'<p class="yt">{e(p.kicker)}</p>' if p.kicker else ""
    sub = f'<p class="ft">{e(p.subtitle)}</p>' if p.subtitle else ""
    author = f'<p class="zz">{e(p.byline)}</p>' if p.byline else ""
    source = f'<p class="ly">来源：{e(p.source)}</p>' if p.source != h.name else ""
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><title>{h.name}数字报-{e(p.title)}</title></head>
<body><div class="date">{h.name}　{t.year}年{t.month:02d}月{t.day:02d}日 星期{_WEEK[t.weekday()]}</div>
<div class="ban">第{int(p.page_no or 1):02d}版：{e(p.page_name)}
<a href="node_{p.page_no or 1}.htm">返回本版</a>　<a href="node_1.htm">版面导航</a></div>
<founder-content>{kicker}<h1 id="main-title">{e(p.title)}</h1>{sub}{author}{source}
<div id="ozoom">{picture(p)}{paragraphs(p)}</div></founder-content>
<div class="tools">放大 缩小 默认 朗读　上一篇　下一篇</div><div class="cp">版权所有 {h.name}社 本数字报内容未经许可不得转载</div></body></html>"""


def layout(h: House, day: str, items: Sequence[Piece], page_no: str, nodes: Sequence[tuple[str, str]], previous: str) -> str:
    """One layout page; `nodes` (number, name) of the whole edition, `previous` the address of the edition before."""
    name = dict(nodes).get(page_no, "要闻")
    areas = "".join(f'<area shape="rect" coords="{spot}" href="content_{p.serial}.htm" alt="">' for spot, p in zip(_spots(items), items))
    rows = "".join(f'<li class="{"lead" if p.position == "头版头条" else "item"}"><a href="content_{p.serial}.htm">{e(p.title)}</a></li>'
                   for p in items)
    pages = "".join(f'<li><a href="node_{no}.htm">第{int(no):02d}版：{e(label)}</a></li>' for no, label in nodes)
    back = f'<a href="{e(previous)}">上一期</a>' if previous else ""
    return f"""<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>{h.name}数字报 {day} 第{int(page_no):02d}版</title></head>
<body><div class="top">{h.name} {day} {back} <a href="../../index.htm">往期回顾</a></div>
<div class="ban-now">第{int(page_no):02d}版：{e(name)}</div><img src="/pic/{page_no}.png" usemap="#m" width="400" height="560" alt=""><map name="m">{areas}</map>
<ul class="titles">{rows}</ul><ul class="bans">{pages}</ul></body></html>"""


def _spots(items: Sequence[Piece]) -> list[str]:
    """Coordinates on a picture of 400 by 560: the lead under the masthead, 报眼 beside it, all else in rows below."""
    out, rows = [], max(1, sum(p.position not in ("头版头条", "报眼") for p in items))
    top = 250 if any(p.position == "头版头条" for p in items) else 90
    step = (550 - top) / rows
    for p in items:
        if p.position == "报眼":
            out.append("260,10,390,80")
        elif p.position == "头版头条":
            out.append("10,90,390,245")
        else:
            out.append(f"10,{top:.0f},390,{top + step - 4:.0f}")
            top += step
    return out
