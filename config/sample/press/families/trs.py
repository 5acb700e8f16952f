"""A government site of the TRS kind: `tYYYYMMDD_N.html`, PubDate metas, the print line, an attachment box, 上一篇/下一篇."""

from html import escape as e
from typing import Sequence

from config.sample.press.families.parts import links, paragraphs, picture
from config.sample.press.piece import House, Piece

_BETS = ("线上娱乐城注册送彩金", "百家乐真人荷官平台", "时时彩投注官网", "老虎机爆分技巧下载", "棋牌赌场在线开户")


def article(p: Piece, part: int, near: Sequence[Piece]) -> str:
    h = p.house
    bad = ""
    if p.inject:
        spans = "".join(f'<a href="http://bet{n}.casino.example/">{w}</a> ' for n, w in enumerate(_BETS))
        bad = f'<div style="position:absolute;left:-9999px;top:-9999px">{spans}</div>'
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>{e(p.title)}</title><meta name="SiteName" content="{h.name}" /><meta name="SiteDomain" content="{h.host}" />
<meta name="ColumnName" content="{h.channel}" /><meta name="ArticleTitle" content="{e(p.title)}" />
<meta name="PubDate" content="{p.published:%Y-%m-%d %H:%M}" /><meta name="ContentSource" content="{e(p.source)}" /></head>
<body>{bad}<div class="header"><a href="/">{h.name}</a></div>
<div class="position">当前位置：<a href="/">首页</a>&gt;<a href="{h.index}">{h.channel}</a></div>
<div class="xl"><div class="xl-tit">{e(p.title)}</div>
<div class="xl-info">发布日期：{p.published:%Y-%m-%d %H:%M} 信息来源：{e(p.source)}
浏览次数：<span id="hits">-</span> 字体：[ <a>大</a> <a>中</a> <a>小</a> ]</div>
<div class="view TRS_UEDITOR trs_paper_default">{picture(p)}{paragraphs(p)}
{bad}</div><div class="xl-foot">【打印本页】 【关闭窗口】 扫一扫在手机打开当前页</div>
<div class="updown">{links(near[:2], '<p>相关：<a href="{href}">{title}</a></p>', h.host)}</div></div>
<div class="footer">主办：{h.name} 网站标识码：0000000000 政府网站年度报表 网站地图</div></body></html>"""


def index(h: House, items: Sequence[Piece], next_url: str) -> str:
    more = f'<a href="{e(next_url)}">下一页</a>' if next_url else ""
    rows = links(items, '<li><span>{day}</span><a href="{href}" title="{title}">{title}</a></li>', h.host)
    return f"""<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>{h.channel}_{h.name}</title></head>
<body><div class="left"><a href="/zfxxgk/">政府信息公开</a><a href="/hdjl/">互动交流</a></div><ul class="list_news">{rows}</ul>
<div id="page">{more}</div></body></html>"""
