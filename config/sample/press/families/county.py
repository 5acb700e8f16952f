"""A county's media centre: colours and spans from an office program inside the paragraphs, three reviews at the foot."""

from html import escape as e
from typing import Sequence

from config.sample.press.families.parts import links, picture
from config.sample.press.piece import House, Piece


def article(p: Piece, part: int, near: Sequence[Piece]) -> str:
    h = p.house
    opening, closing = '<p class="MsoNormal" style="text-indent:2em"><span style="font-size:16px;color:#333">', "</span></p>"
    body = "\n".join(f"{opening}{e(t)}{closing}" for t in p.paragraphs)
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{h.name}--{e(p.title)}</title></head>
<body><div class="wrap"><div class="loc"><a href="/">{h.name}</a>→<a href="{h.index}">{h.channel}</a></div>
<div class="newstitle">{e(p.title)}</div>
<div class="newsinfo">{p.published:%Y-%m-%d %H:%M}　来源：{e(p.source)}　点击：{p.serial % 700 + 60}次</div>
<div class="newscontent">{picture(p)}{body}</div>
<div class="shenhe">编辑：{e(p.editor or "田　野")}　初审：石小川　终审：龙大河</div>
<div class="prevnext">{links(near[:2], '上一篇：<a href="{href}">{title}</a><br>', h.host)}</div>
<div class="foot">{h.name}中心主办 投稿邮箱 news@{h.host}</div></div></body></html>"""


def index(h: House, items: Sequence[Piece], next_url: str) -> str:
    more = f'<a href="{e(next_url)}">下一页</a>' if next_url else ""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{h.channel}_{h.name}</title></head><body>
<div class="list">{links(items, '<p><a href="{href}">{title}</a> <small>({md})</small></p>', h.host)}</div>
<div>{more}</div></body></html>"""
