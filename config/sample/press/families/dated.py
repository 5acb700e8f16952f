"""A daily's web site: dated paths, kicker and subtitle around the heading, editor in brackets at the foot."""

from html import escape as e
from typing import Sequence

from config.sample.press.families.parts import links, paragraphs, picture
from config.sample.press.piece import House, Piece


def article(p: Piece, part: int, near: Sequence[Piece]) -> str:
    h = p.house
    kicker = f'<h3 class="pre">{e(p.kicker)}</h3>' if p.kicker else ""
    sub = f'<h4 class="sub">{e(p.subtitle)}</h4>' if p.subtitle else ""
    byline = f'<div class="author">{e(p.byline)}</div>' if p.byline else ""
    t = p.published
    return f"""<!DOCTYPE html><html><head><meta http-equiv="content-type" content="text/html;charset=UTF-8"/>
<title>{e(p.title)}--{h.channel}--{h.name}</title><meta name="publishdate" content="{t:%Y-%m-%d}">
<meta name="source" content="{e(p.source)}">
</head><body class="w1000"><header><nav><a href="/">{h.name}</a><a href="/politics/">时政</a><a href="/society/">社会</a>
<a href="{h.index}">{h.channel}</a></nav></header>
<div class="layout rm_txt"><div class="col col-1">{kicker}<h1>{e(p.title)}</h1>{sub}{byline}
<div class="channel"><div class="col-1-1">{t:%Y年%m月%d日%H:%M} | 来源：<a href="{h.root}/">{e(p.source)}</a></div></div>
<div class="rm_txt_con cf">{picture(p)}{paragraphs(p)}
<p class="paper_num"></p><div class="edit cf">(责编：{e(p.editor or "阮清、温如")})</div></div>
<div class="bdshare">分享让更多人看到<span>微信扫一扫</span></div></div>
<div class="col col-2"><h2>推荐阅读</h2><ul>{links(near[:8], relative=h.host)}</ul></div></div></body></html>"""


def index(h: House, items: Sequence[Piece], next_url: str) -> str:
    more = f'<a href="{e(next_url)}">下一页</a>' if next_url else ""
    rows = links(items, '<div class="hdNews"><h5><a href="{href}">{title}</a></h5><em>{day} {time}</em></div>', h.host)
    return f"""<!DOCTYPE html><html><head><meta http-equiv="content-type" content="text/html;charset=UTF-8"/>
<title>{h.channel}--{h.name}</title></head>
<body><nav><a href="/">首页</a><a href="/politics/">时政</a><a href="/society/">社会</a></nav><div class="p2">{rows}</div>
<div class="page_n">{more}</div></body></html>"""
