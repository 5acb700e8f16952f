"""Pages in the shapes of central media, county apps and account platforms; all text is the tests' own.  Entries as in `extract_systems`."""

from __future__ import annotations

import json

from extract_pages import BODY, FOOT, NAV, TITLE, html, paragraphs

P = paragraphs(*BODY)


def data(name: str, **fields) -> str:
    return f'<div id="root"></div><script>var {name} = {json.dumps(fields, ensure_ascii=False)};</script>'


OUTLETS: dict[str, tuple[str, str, str, dict]] = {
    "time_in_pieces": (
        "http://www.qlnet.example/20260301/abc123def456/c.html",
        html(f"<title>{TITLE}-青林网</title>",
             f'<div class="header-cont"><div class="header-time"><span class="year"><em> 2026</em></span><span class="day"><em>03</em>/<em>01</em></span><span class="time"> 20:52:13 </span></div>'
             f'<div class="source">来源：青林网 </div><div class="head-line"><h1><span class="title">{TITLE}</span></h1><div class="pageShare"><span>字体：</span><a>小</a><a>中</a><a>大</a>'
             f'<span>分享到：</span></div></div></div><div class="main"><div id="detail"><span id="detailContent">{P}</span><div id="articleEdit"><a>【纠错】</a><span class="editor"> 【责任编辑:吴京泽】 '
             f"</span></div></div></div>{FOOT}"),
        "utf-8", {"published": "2026-03-01T20:52", "source": "青林网", "editors": ("吴京泽",)}),
    "television_site": (
        "http://news.qltv.example/2026/03/01/ARTIabc260301.shtml",
        html(f"<title>{TITLE}_新闻频道_青视网(ql.example)</title>",
             f'<div class="title_area"><h1>{TITLE}</h1><div class="info1">来源：青视新闻 | 2026年03月01日 07:16:33</div></div><div class="content_area" id="content_area">{P}</div>'
             f'<div class="zebian"><span>编辑：郭倩</span><span>责任编辑：刘亮</span></div><div class="relevance"><h3>相关新闻</h3><ul><li><a href="1">旧闻一则</a></li></ul></div>{FOOT}'),
        "utf-8", {"published": "2026-03-01T07:16", "source": "青视新闻", "editors": ("郭倩", "刘亮")}),
    "names_behind_the_dateline": (
        "http://www.qlxin.example/sh/2026/03-01/9987.shtml",
        html(f"<title>{TITLE}-青新网</title>",
             f'{NAV}<h1 class="content_left_title">{TITLE}</h1><div class="content_left_time">2026年03月01日 09:05　来源：青新网<a>分享到：</a></div><div class="left_zw"><p>　　青新网青林3月1日电 '
             f'(曾莉 唐敏){BODY[0]}</p>{paragraphs(*BODY[1:])}<p>(完)</p></div><div class="adEditor"><div class="left_name right">【编辑:田博群】</div></div>{FOOT}'),
        "utf-8", {"published": "2026-03-01T09:05", "source": "青新网", "authors": ("曾莉", "唐敏"), "editors": ("田博群",)}),
    "health_paper": (
        "https://www.qljkb.example/news/detail/12.html",
        html(f"<title>{TITLE} - 青林健康报</title>",
             f'<div class="detail-title">{TITLE}</div><div class="detail-info"><span>时间：2026-03-01 10:22</span><span>来源：青林健康报</span><span>作者：记者 杨金伟　特约记者 喻芳</span><span>阅读：128</span>'
             f'</div><div class="detail-content">{P}<p>文：记者 杨金伟　特约记者 喻芳　通讯员 衡中玲</p><p>编辑：闫䶮 张昊华</p><p>审核：徐秉楠</p></div>{FOOT}'),
        "utf-8", {"published": "2026-03-01T10:22", "source": "青林健康报", "authors": ("杨金伟", "喻芳"), "correspondents": ("衡中玲",), "editors": ("闫䶮", "张昊华")}),
    "county_app": (
        "https://app.qlrm.example/share/8877.html",
        html(f'<title>{TITLE}</title><meta property="og:title" content="{TITLE}">',
             f'<div class="detail"><p class="t">{TITLE}</p><p class="m"><span>青林融媒</span><span>03-01 08:30</span><span>阅读 2.1万</span></p><div class="c">{P}<p style="text-align:right;">'
             f'来源：青林县融媒体中心</p><p>记者：周峰 通讯员：白雪</p></div></div><div class="dl">打开客户端查看更多精彩</div>'),
        "utf-8", {"published": "2026-03-01T08:30", "source": "青林县融媒体中心", "authors": ("周峰",), "correspondents": ("白雪",)}),
    "open_government_table": (
        "http://www.qlzf.example/xxgk/content/post_445566.html",
        html(f"<title>{TITLE}</title>",
             f'<table class="xxgk"><tr><td>索引号：</td><td>011/2026-0091</td><td>发布机构：</td><td>青林市卫健委</td></tr><tr><td>发文日期：</td><td>2026-03-01</td><td>文号：</td><td>无</td></tr>'
             f'<tr><td>名称：</td><td colspan=3>{TITLE}</td></tr></table><h1>{TITLE}</h1><div class="zw">{P}</div>{FOOT}'),
        "utf-8", {"published": "2026-03-01"}),
    "learning_platform_data": (
        "https://www.qlxuexi.example/lgpage/detail/index.html?id=1234567890",
        html(f"<title>{TITLE}</title>", data("globalCache", fp6x={"detail": {"frst_name": TITLE, "original_time": "2026-03-01 11:11:11", "source": "青林学习平台",
                                                                          "editor": "责任编辑：黎安", "content": P}})),
        "utf-8", {"published": "2026-03-01T11:11", "source": "青林学习平台", "editors": ("黎安",)}),
    "microblog_article": (
        "https://card.qlwb.example/article/m/show/id/2309404",
        html(f"<title>{TITLE}</title>",
             f'<div class="main_editor"><div class="title" node-type="articleTitle">{TITLE}</div><div class="authorinfo"><span class="author2"><a><em class="W_autocut">青林晚报</em></a></span>'
             f'<span class="time">03-01 08:44</span><span class="num">阅读数：1.2万+</span></div><div class="WBA_content" node-type="contentBody">{P}</div></div>'),
        "utf-8", {"published": "2026-03-01T08:44", "source": "青林晚报"}),
    "account_platform": (
        "https://baijia.qldu.example/s?id=1792000",
        html(f"<title>{TITLE}</title>",
             f'<div id="ssr-content"><div><div class="_28fPT">{TITLE}</div></div><div class="_1k_ap"><p data-testid="author-name" class="_7y5nA"><a href="u">青林日报</a></p><div class="_10s4U">'
             f'<span data-testid="updatetime">2026-03-01 12:55</span><span>青林日报官方账号</span></div></div><div class="_18p7x" data-testid="article">'
             + "".join(f'<div class="dpu8C"><p><span class="bjh-p">{line}</span></p></div>' for line in BODY) + "</div></div>"),
        "utf-8", {"published": "2026-03-01T12:55", "source": "青林日报"}),
    "content_list_data": (
        "https://news.qlfeng.example/c/8abcDEF",
        html(f"<title>{TITLE}_青凰网</title>", data("allData", docData={"title": TITLE, "source": "青林之声", "newsTime": "2026-03-01 13:20:00", "editorName": "韩保",
                                                                    "contentData": {"contentList": [{"type": "text", "data": P}]}})),
        "utf-8", {"published": "2026-03-01T13:20", "source": "青林之声", "editors": ("韩保",)}),
}
