"""A paper in traditional script, Big5 bytes, printing the day only."""

from html import escape as e
from typing import Sequence

from config.sample.press.families.parts import links, paragraphs
from config.sample.press.piece import House, Piece


def article(p: Piece, part: int, near: Sequence[Piece]) -> str:
    h = p.house
    return f"""<html><head><meta http-equiv="content-type" content="text/html; charset=big5"><title>{h.name} - {e(p.title)}</title></head>
<body><div id="hd"><a href="/">{h.name}</a> <a href="{h.index}">{h.channel}</a></div>
<div id="story"><h2 class="hl">{e(p.title)}</h2><div class="dt">{p.published.year}年{p.published.month}月{p.published.day}日　來源：{e(p.source)}</div>
<div class="txt">{paragraphs(p, indent="")}</div></div>
<div id="other"><b>其他新聞</b><ul>{links(near[:6], relative=h.host)}</ul></div><div id="ft">{h.name}版權所有 不得轉載</div></body></html>"""


def index(h: House, items: Sequence[Piece], next_url: str) -> str:
    more = f'<a href="{e(next_url)}">下一頁</a>' if next_url else ""
    return f"""<html><head><meta http-equiv="content-type" content="text/html; charset=big5"><title>{h.channel} - {h.name}</title></head>
<body><h1>{h.channel}</h1><dl>{links(items, '<dt><a href="{href}">{title}</a></dt><dd>{day}</dd>', h.host)}</dl>{more}</body></html>"""
