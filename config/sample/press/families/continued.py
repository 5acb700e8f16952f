"""An evening paper in GBK whose long pieces go on at `_2.html`; the reporter stands in the information line too."""

from html import escape as e
from typing import Sequence

from config.sample.press.families.parts import links, paragraphs, picture
from config.sample.press.piece import House, Piece


def article(p: Piece, part: int, near: Sequence[Piece]) -> str:
    h = p.house
    pager = ""
    if p.split:
        here = p.url if part == 1 else p.second_url
        step = f'<a href="{e(p.second_url)}">下一页</a>' if part == 1 else f'<a href="{e(p.url)}">上一页</a>'
        pager = f'<div class="pagebox"><a href="{e(p.url)}">1</a> <a href="{e(p.second_url)}">2</a> {step}<!-- {e(here)} --></div>'
    byline = f"记者：{e(p.byline)} " if p.byline else ""
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>{e(p.title)}_{h.name}</title></head>
<body><div class="logo"><a href="/">{h.name}</a></div><div id="article"><h1>{e(p.title)}</h1>
<p class="summary">{p.published:%Y-%m-%d %H:%M} 来源：{e(p.source)} {byline}</p>
<div id="content">{picture(p) if part == 1 else ""}{paragraphs(p, part=part)}</div>{pager}
<div class="ed">责任编辑 {e(p.editor or "伍玥")}</div><div class="tip">新闻热线：0000-8110110　晚报官方微信：添加好友搜索晚报</div></div>
<div id="rank"><h2>今日要闻</h2><ul>{links(near[:8], relative=h.host)}</ul></div></body></html>"""


def index(h: House, items: Sequence[Piece], next_url: str) -> str:
    more = f'<a href="{e(next_url)}">下一页</a>' if next_url else ""
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>{h.channel}_{h.name}</title></head>
<body><h2>{h.channel}</h2><ul class="ul1">{links(items, '<li>[{md}] <a href="{href}">{title}</a></li>', h.host)}</ul><p>{more}</p></body>
</html>"""
