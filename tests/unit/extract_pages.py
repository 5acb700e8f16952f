"""Pages for the extraction tests, in the shapes of China's press systems; all text is the project's own."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from model.page import Page

NOW = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)          # 10:00 in Shanghai
TITLE = "青林市人民医院义诊队走进南湖社区"
BODY = (
    "3月1日，青林市人民医院启动春季义诊进社区活动，来自内科、骨科、中医科的二十名医护人员走进南湖社区，为三百多位居民免费测量血压、血糖。",
    "“以前看病要跑很远，现在医生到了家门口。”居民赵大妈说，她当天还领到了一份慢病管理手册。",
    "据介绍，这项活动将持续到四月底，覆盖全市十二个社区，每个周末安排一场，市民可以在社区公告栏查看时间。",
)
NAV = (
    '<div class="nav"><ul>'
    + "".join(f'<li><a href="/c{i}/">{n}</a></li>' for i, n in enumerate("首页 新闻 时政 社会 健康 教育 财经 体育 文化 视频".split()))
    + "</ul></div>"
)
RELATED = '<div class="xgxw"><h3>相关新闻</h3><ul>' + "".join(
    f'<li><a href="/a/{i}.html">{t}</a> <span>2026-02-{10 + i} 09:30</span></li>'
    for i, t in enumerate(["我市召开卫生健康工作会议", "春季传染病防控提示发布", "市中医院开展冬病夏治", "全市基层医生培训班开班"])) + "</ul></div>"
FOOT = '<div class="footer"><p>版权所有：青林新闻网 未经授权禁止转载 ICP备00000000号</p><p>地址：青林市中山路1号 建站时间：2019-01-01</p></div>'


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>　　{line}</p>" for line in lines)


def html(head: str, body: str) -> str:
    return f'<!doctype html><html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def page(markup: str | bytes, url: str = "http://www.qlnews.example/2026/0301/123456.html", **more) -> Page:
    body = markup if isinstance(markup, bytes) else markup.encode("utf-8")
    return Page(url, more.pop("fetched_at", NOW), body, **more)


def simple(inside: str = paragraphs(*BODY), info: str = "2026-03-01 08:00　来源：青林日报", title: str = TITLE, after: str = RELATED + FOOT) -> str:
    return html(f"<title>{title}-青林新闻网</title>", f'{NAV}<h1>{title}</h1><div class="info">{info}</div><div class="content">{inside}</div>'
                                                 f'{after}')


# name → (address, markup, encoding, what must be read)
FAMILIES: dict[str, tuple[str, str, str, dict]] = {
    "trs_government": (
        "http://wjw.qinglin.example/gzdt/202603/t20260301_123.html",
        html(
            f'<title>{TITLE}_青林市卫生健康委员会</title><meta name="ArticleTitle" content="{TITLE}">'
            f'<meta name="PubDate" content="2026-03-01 09:12"><meta name="ContentSource" content="市人民医院">',
            f'{NAV}<div class="position">当前位置：首页 > 工作动态</div><div class="xl"><div class="xl_title">{TITLE}</div>'
            f'<div class="xl_info">信息来源：市人民医院　发布时间：2026-03-01 09:12　浏览次数：<script>x()</script>　字体：[大 中 小]</div>'
            f'<div class="TRS_Editor">{paragraphs(*BODY)}<p>（青林市人民医院供稿 通讯员 王小兰）</p></div></div>{RELATED}{FOOT}',
        ),
        "utf-8",
        {"published": "2026-03-01T09:12", "source": "市人民医院", "correspondents": ("王小兰", "青林市人民医院")},
    ),
    "old_tables_gbk": (
        "http://www.qlnews.example/2006/0310/content_22.htm",
        "<html><head><meta http-equiv=Content-Type content='text/html; charset=gb2312'><title>青林新闻网</title></head><body><table><tr><td>"
        + NAV
        + f"</td></tr><tr><td align=center><font size=5><b>{TITLE}</b></font></td></tr><tr><td align=center>"
        f"青林新闻网　2006年03月10日 08:15　来源：青林日报　作者：李　明</td></tr>"
        f"<tr><td><font>　　{BODY[0]}<br><br>　　{BODY[1]}<br><br>　　{BODY[2]}<br></font></td></tr><tr><td align=right>（责任编辑：王芳）</td></tr>"
        f"</table>{RELATED}{FOOT}</body></html>",
        "gb18030",
        {"published": "2006-03-10T08:15", "source": "青林日报", "authors": ("李明",), "editors": ("王芳",)},
    ),
    "agency": (
        "https://www.qlagency.example/sh/2026/03-01/9001.shtml",
        html(
            f"<title>{TITLE}-青林新闻网</title>",
            f'{NAV}<div class="more"><h1 class="left_title">{TITLE}</h1><div class="left_time">2026年03月01日 10:30　来源：<a href="/">'
            f'青林新闻社</a><a>参与互动</a></div>'
            f'<div class="left_zw"><p>　　青林新闻社青林3月1日电 (记者 陈晓东 通讯员 周一鸣 吴倩){BODY[0]}</p>{paragraphs(*BODY[1:])}</div>'
            f'<div class="left_name"> <span></span>【编辑:郑伟】 </div></div>{RELATED}{FOOT}',
        ),
        "utf-8",
        {
            "published": "2026-03-01T10:30",
            "source": "青林新闻社",
            "authors": ("陈晓东",),
            "correspondents": ("周一鸣", "吴倩"),
            "editors": ("郑伟",),
        },
    ),
    "epaper_founder": (
        "http://epaper.qlrb.example/html/2026-03/01/content_12345.htm",
        html(
            "<title>青林日报</title>",
            f"<!--enpproperty <articleid>12345</articleid><date>2026-03-01 00:00:00.0</date><author>李明</author><title>{TITLE}</title>"
            f"<subtitle>二十名医护为三百居民服务</subtitle>/enpproperty-->"
            f"<table><tr><td>2026年3月1日 星期日</td><td>第03版：民生</td><td><a href='node_1.htm'>上一版</a></td></tr><tr><td><ul><li>"
            f"<a href='content_1.htm'>别的稿件标题一</a></li></ul></td>"
            f"<td><table><tr><td class='font01' style='font-size:23px' align=center>{TITLE}</td></tr><tr><td align=center>"
            f"——二十名医护为三百居民服务</td></tr>"
            f"<tr><td><div id='ozoom'>{paragraphs('本报讯（记者李明 通讯员周兰）' + BODY[0], *BODY[1:])}</div></td></tr></table></td></tr></table>",
        ),
        "utf-8",
        {
            "published": "2026-03-01",
            "authors": ("李明",),
            "correspondents": ("周兰",),
            "page_no": "03",
            "page_name": "民生",
            "subtitle": "二十名医护为三百居民服务",
        },
    ),
    "epaper_with_kicker": (
        "http://paper.qlrb.example/rb/html/2026-03/01/nw.D110000qlrb_20260301_2-03.htm",
        html(
            f"<title>{TITLE}</title>",
            f'<div class="paperinfo"><p class="ban">第03版：要闻</p><p class="date">青林日报 2026年03月01日 星期日</p></div><div class="article"><h3>'
            f'春季健康行动</h3><h1>{TITLE}</h1>'
            f'<h2>二十名医护为三百居民服务</h2><p class="sec">本报记者 李　明 <span class="date">《青林日报》（2026年03月01日　第 03 版）</span></p><div id="ozoom">'
            f'{paragraphs(*BODY)}</div></div>',
        ),
        "utf-8",
        {
            "published": "2026-03-01",
            "authors": ("李明",),
            "kicker": "春季健康行动",
            "subtitle": "二十名医护为三百居民服务",
            "page_no": "03",
        },
    ),
    "drawn_by_script": (
        "https://www.qlapp.example/news/detail/88213344",
        html(
            f"<title>{TITLE}</title>",
            '<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">'
            + json.dumps(
                {
                    "props": {
                        "detail": {"title": TITLE, "publishTime": "2026-03-01 10:30:00", "source": "青林发布", "content": paragraphs(*BODY)}
                    }
                },
                ensure_ascii=False,
            )
            + "</script>",
        ),
        "utf-8",
        {"published": "2026-03-01T10:30", "source": "青林发布"},
    ),
    "escaped_textarea": (
        "https://society.qlqiu.example/article/4abcDEF123",
        html(
            f"<title>{TITLE}</title>",
            f'<div id=app></div><textarea class="article-title">{TITLE}</textarea>'
            f'<textarea class="article-content">'
            + paragraphs(*BODY).replace("<", "&lt;").replace(">", "&gt;")
            + '</textarea><textarea class="article-time">'
            '1772335800000</textarea>',
        ),
        "utf-8",
        {"published": "2026-03-01T11:30"},
    ),
    "taiwan_big5": (
        "http://news.qltw.example/story/123456",
        "<html><head><meta charset=big5><title>市立醫院義診隊走進社區 | 社會 | 青林新聞網</title></head><body><h1>市立醫院義診隊走進社區</h1><div class=time>"
        "2026-03-01 10:30</div>"
        "<div class=text><p>〔記者陳大文／青林報導〕青林市立醫院今天啟動春季義診，二十名醫護人員走進社區，為三百多位居民量血壓、測血糖。</p><p>居民表示，以前看病要跑很遠，現在醫生到了家門口，非常方便，希望能夠常常舉辦。</p></div>"
        "</body></html>",
        "big5",
        {"title": "市立醫院義診隊走進社區", "published": "2026-03-01T10:30", "authors": ("陳大文",), "body": ()},
    ),
    "evening_paper_reviews": (
        "http://www.qlwb.example/p/445566.html",
        html(
            f"<title>{TITLE}|健康|青林晚报</title>",
            f'{NAV}<h1>{TITLE}</h1><div class="info"><span>2026-03-01 22:10:05</span><span>青林晚报</span><span>责编：孙静</span></div>'
            f'<div class="content">{paragraphs(*BODY)}'
            f"<p>　　文/图 青林晚报全媒体记者 刘 洋 通讯员 马晓燕、何俊（青林市人民医院）</p><p>一审：张三丰 二审：李思 三审：王武</p></div>{RELATED}{FOOT}",
        ),
        "utf-8",
        {
            "published": "2026-03-01T22:10",
            "source": "青林晚报",
            "authors": ("刘洋",),
            "correspondents": ("马晓燕", "何俊"),
            "editors": ("孙静",),
        },
    ),
    "party_paper_site": (
        "http://www.qlrw.example/n1/2026/0301/c14-40001.html",
        html(
            f"<title>{TITLE}--健康--青林网</title>",
            f'{NAV}<div class="layout"><h3 class="pre">健康青林行动</h3><h1>{TITLE[:11]}<br>{TITLE[11:]}</h1><div class="author cf">'
            f'本报记者　李　明　实习生　周　兰</div>'
            f'<div class="channel cf"><div class="col-1-1 fl">2026年03月01日08:12 |'
            f' 来源：<a>青林日报</a></div></div><div class="rm_txt_con cf">{paragraphs(*BODY)}'
            f"<p>　　《 青林日报 》（ 2026年03月01日 07 版）</p><div class='edit cf'>(责编：郑伟、孙静)</div></div></div>{RELATED}{FOOT}",
        ),
        "utf-8",
        {
            "published": "2026-03-01T08:12",
            "source": "青林日报",
            "authors": ("李明", "周兰"),
            "editors": ("郑伟", "孙静"),
            "page_no": "07",
            "kicker": "健康青林行动",
        },
    ),
    "no_class_no_heading": (
        "http://www.qlx.example/a/778899",
        html(
            "<title>青林在线</title>",
            f"<div><div><a href=/>首页</a> > <a href=/n>新闻</a></div><div>{TITLE}</div><div>"
            f"2026-03-01 08:00:21 青林在线</div><div>{paragraphs(*BODY)}</div></div>",
        ),
        "utf-8",
        {"published": "2026-03-01T08:00", "source": "青林在线"},
    ),
}

WECHAT = html(
    f'<meta property="og:title" content="{TITLE}">',
    f'<div id="js_article" class="rich_media"><h1 class="rich_media_title" id="activity-name">{TITLE}</h1>'
    f'<div class="rich_media_meta_list"><span id="copyright_logo" class="rich_media_meta">原创</span>'
    f'<span class="rich_media_meta rich_media_meta_text">王小兰</span><a id="js_name">青林卫健</a><em id="publish_time"></em></div>'
    f'<div class="rich_media_content" id="js_content" style="visibility: hidden;"><section class="135editor">{paragraphs(*BODY)}<p>'
    f'<img data-src="https://mmbiz.example/a/640?wx_fmt=png" src="data:image/gif;base64,x"></p></section></div></div>'
    '<script>var biz = "MzA4"||""; var mid = "2651" || ""; var idx = "2" ||'
    ' ""; var ct = "1772335800"; var nickname = "青林卫健"; var msg_title = "x"; var user_name = "gh_1"; var msg_source_url = \'\'; var '
    '_copyright_stat = "1";</script>')
