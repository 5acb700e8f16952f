"""A trade magazine's site: numbered paths without a date, a list with cards, paragraphs as sections."""

from html import escape as e
from typing import Sequence

from config.sample.press.families.parts import links, paragraphs, picture
from config.sample.press.piece import House, Piece


def article(p: Piece, part: int, near: Sequence[Piece]) -> str:
    h = p.house
    byline = f"<i>文｜{e(p.byline)}</i>" if p.byline else ""
    return f"""<!doctype html><html><head><meta charset="utf-8"><title>{e(p.title)}｜{h.name}</title>
<meta name="description" content="{e(p.paragraphs[0][:60])}"></head><body>
<nav class="n"><a href="/">{h.name}</a><a href="/articles">全部文章</a><a href="/vip">会员</a></nav>
<div class="art"><h1 class="t">{e(p.title)}</h1><div class="m">{byline}<i>{p.published:%Y/%m/%d %H:%M}</i><i>来源：{e(p.source)}</i>
<i>评论(0)</i></div>
<section class="c">{picture(p)}{paragraphs(p, indent="")}</section>
<div class="qr">长按识别二维码，关注“{h.name}”公众号</div><div class="tags"><a>医院管理</a><a>临江</a></div></div>
<div class="hot"><h3>最新文章</h3>{links(near[:6], '<div><a href="{href}">{title}</a><span>{day}</span></div>', h.host)}</div></body></html>"""


def index(h: House, items: Sequence[Piece], next_url: str) -> str:
    more = f'<a rel="next" href="{e(next_url)}">下一页 &raquo;</a>' if next_url else ""
    card = '<div class="card"><a class="pic" href="{href}"><img src="/pic/0.png" alt=""></a>' \
           '<h2><a href="{href}">{title}</a></h2><p>{day}</p></div>'
    cards = links(items, card, h.host)
    return f"""<!doctype html><html><head><meta charset="utf-8"><title>全部文章｜{h.name}</title></head><body><nav>
<a href="/vip">会员</a></nav>{cards}{more}</body></html>"""
