"""A broadcaster's site: found by RSS; text under a picture, editors at the end of the text."""

from html import escape as e
from typing import Sequence

from config.sample.press.families.parts import links, paragraphs, picture
from config.sample.press.piece import Piece


def article(p: Piece, part: int, near: Sequence[Piece]) -> str:
    h = p.house
    return f"""<!doctype html><html lang="zh"><head><meta charset="UTF-8"><title>{e(p.title)} - {h.name}</title>
<meta property="og:title" content="{e(p.title)}"><meta property="og:type" content="news">
<meta property="og:site_name" content="{h.name}"></head>
<body><section class="topbar"><a href="/live/">直播</a><a href="/vod/">点播</a><a href="/rss/">订阅</a></section>
<article class="detail"><header><h1 class="detail-title">{e(p.title)}</h1>
<ul class="meta"><li>来源：{e(p.source)}</li><li>{p.published:%Y-%m-%d %H:%M:%S}</li><li>阅读 {p.serial % 900 + 100}</li></ul></header>
<div class="detail-content">{picture(p)}{paragraphs(p, indent="")}
<p>编辑：{e(p.editor or "蓝心")}</p></div><div class="zan">点赞 收藏 转发 下载客户端看更多精彩内容</div></article>
<aside><h4>猜你喜欢</h4>{links(near[:6], '<a class="card" href="{href}"><b>{title}</b></a>', h.host)}</aside></body></html>"""
