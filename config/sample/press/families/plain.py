"""A city news site in UTF-8 without a charset in the header: side columns, share line, related links, disclaimer."""

from html import escape as e
from typing import Sequence

from config.sample.press.families.parts import links, paragraphs, picture
from config.sample.press.piece import House, Piece


def article(p: Piece, part: int, near: Sequence[Piece]) -> str:
    h = p.house
    byline = f'<span class="author">作者：{e(p.byline)}</span>' if p.byline else ""
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{e(p.title)}_{h.channel}_{h.name}</title>
<meta name="keywords" content="{h.name},新闻"><link rel="stylesheet" href="/css/2024.css"></head>
<body><div id="top">
<a href="/">首页</a> | <a href="{h.index}">{h.channel}</a> | <a href="/zt/">专题</a> | <a href="/bl/">爆料热线 0000-8123456</a></div>
<div class="crumb">您的位置：<a href="/">{h.name}</a> &gt; <a href="{h.index}">{h.channel}</a> &gt; 正文</div>
<div class="main"><h1>{e(p.title)}</h1>
<div class="info"><span>{p.published:%Y-%m-%d %H:%M}</span> <span>来源：{e(p.source)}</span> {byline}
<span class="fs">字号：<a>大</a> <a>中</a> <a>小</a></span></div>
<div class="share">分享到：<a>微信</a> <a>微博</a> <a>QQ空间</a> 用微信扫描二维码，分享至好友和朋友圈</div>
<div class="TRS_Editor article-body">
{picture(p)}{paragraphs(p)}
</div>
<p class="editor">[责任编辑：{e(p.editor or "覃越")}]</p>
<div class="disclaimer">免责声明：凡本网注明“来源：{h.name}”的所有作品，版权均属于{h.name}，未经授权不得转载。转载作品旨在传递更多信息，不代表本网观点。</div>
<div class="related"><h3>相关阅读</h3><ul>{links(near[:5], relative=h.host)}</ul></div></div>
<div class="side"><h3>24小时热榜</h3><ol>{links(near[5:11], relative=h.host)}</ol></div>
<div class="foot">{h.name} 版权所有 互联网新闻信息服务许可证编号：00000000 举报电话：0000-8000000</div></body></html>"""


def index(h: House, items: Sequence[Piece], next_url: str) -> str:
    more = f'<a class="next" href="{e(next_url)}">下一页</a>' if next_url else '<span class="end">已是最后一页</span>'
    rows = links(items, '<li><a href="{href}">{title}</a><em>{md} {time}</em></li>', h.host)
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{h.channel}_{h.name}</title></head><body>
<div id="nav"><a href="/">首页</a><a href="/zt/">专题</a><a href="/about.html">关于我们</a></div>
<ul class="newslist">
{rows}
</ul><div class="pages">{more}</div></body></html>"""
