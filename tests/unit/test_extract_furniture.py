"""The page's own furniture is read as nothing: its tags, its words, its buttons, its calendar; what a byline really says is read."""

import json

import pytest
from extract_pages import BODY, FOOT, NAV, RELATED, TITLE, html, page, paragraphs, simple

from pipelines.extract import read
from pipelines.extract.credits import parse
from pipelines.extract.headline import tidy
from pipelines.extract.names import is_name


def _named(article) -> list[tuple[str, str]]:
    return [(p.role, p.name) for p in article.people]


@pytest.mark.parametrize("printed, want", [
    (f"{TITLE}&lt;div&gt;&lt;/div&gt;", TITLE),
    ("义诊进社区&lt;br&gt;居民点赞", "义诊进社区 居民点赞"),
    ("<font color=red>义诊进社区</font>", "义诊进社区"),
    ("谁来管好小区的电梯？- -", "谁来管好小区的电梯？"),
    ("义诊进社区 -", "义诊进社区"),
    ("血压<140就安全吗？>", "血压<140就安全吗？>"),
    ("医者仁心——", "医者仁心——"),
])
def test_a_title_without_tags_and_hung_dashes(printed, want):
    assert tidy(printed) == want


def test_tags_written_into_a_heading_and_its_meta():
    head = f'<title>{TITLE}-青林新闻网</title><meta name="ArticleTitle" content="{TITLE}&lt;div&gt;">'
    article = read(page(html(head, f"{NAV}<h1>{TITLE}&lt;div&gt;</h1><p>2026-03-01 08:00</p><div class=content>{paragraphs(*BODY)}</div>")))
    assert article.title == TITLE


@pytest.mark.parametrize("value", ['size="20"', "转载文章", "转载", "楼主", "网络", "原创", "本站", "未知", "查看旧版", "Saturday", "Oct.", "a=b"])
def test_a_word_of_the_page_is_no_source(value):
    assert read(page(simple(info=f"2026-03-01 08:00 来源：{value}".replace('"', "&quot;")))).source == ""
    assert read(page(simple(info=f"2026-03-01 08:00 {value}".replace('"', "&quot;")))).source == ""


@pytest.mark.parametrize("value", ["本站原创", "网络传播杂志", "转载与观察网", "Sunday Times", "March Health Network"])
def test_a_source_that_only_looks_like_one_stays(value):
    assert read(page(simple(info=f"2026-03-01 08:00 来源：{value}"))).source == value


def test_the_weekday_of_an_english_date_is_no_source():
    article = read(page(simple(info="<div>Sunday, March 1st, 2026 &nbsp; 10:56 am</div>")))
    assert article.source == "" and article.published.strftime("%F %H:%M") == "2026-03-01 10:56"


@pytest.mark.parametrize("word", ["受访者", "须知", "出自", "人气"])
def test_words_that_begin_like_a_family_name(word):
    assert not is_name(word)


@pytest.mark.parametrize("text, want", [
    ("记者张三丰/文 受访者供图", [("张三丰", "reporter")]),
    ("记者张三丰/文受访者供图", [("张三丰", "reporter")]),
    ("本报记者 张三丰/文 李思/图", [("张三丰", "reporter"), ("李思", "reporter")]),
    ("文/青林网专栏作者 王武", [("王武", "author")]),
    ("编辑：李思 人气：128", [("李思", "editor")]),
    ("作者：王武 出自 青林文学出版社", [("王武", "author")]),
    ("作者：青林文学出版社", []),
    ("作者须知", []),
    ("执笔人：王武 李思", [("王武", "author"), ("李思", "author")]),
    ("本报记者张三丰发自青林", [("张三丰", "reporter")]),
    ("本报记者 张三丰 青林 报道", [("张三丰", "reporter")]),
    ("特约通讯员 张三丰　记者 李思 报道", [("张三丰", "correspondent"), ("李思", "reporter")]),
    ("记者 张三丰 李思报道", [("张三丰", "reporter"), ("李思", "reporter")]),
    ("作者：补壹盏灯", [("补壹盏灯", "author")]),
    ("作者：青林市人民医院", [("青林市人民医院", "author")]),
    ("作者：张文静", [("张文静", "author")]),
])
def test_people_are_names(text, want):
    assert [(p.name, p.role) for p in parse(text, sure=True)] == want


@pytest.mark.parametrize("line", ["广告软文", "余下全文", "单元图", "高清图"])
def test_a_word_that_ends_in_a_role_signs_nothing(line):
    assert read(page(simple(after=f"<div><a href='#'>{line}</a></div>{FOOT}"))).people == ()
    assert read(page(simple(paragraphs(*BODY, line)))).people == ()


@pytest.mark.parametrize("line, want", [
    ("（王小武文）", [("author", "王小武")]),
    ("王武 文", [("author", "王武")]),
    ("王武/文", [("author", "王武")]),
])
def test_a_word_behind_a_boundary_does(line, want):
    assert _named(read(page(simple(paragraphs(*BODY, line))))) == want


@pytest.mark.parametrize("tail, want", [
    ("（姚锋 青林报道）", [("author", "姚锋")]),
    ("（本报记者 姚锋 青林报道）", [("reporter", "姚锋")]),
    ("（记者 姚锋 李思 发自青林）", [("reporter", "姚锋"), ("reporter", "李思")]),
    ("（南湖 青林报道）", []),
])
def test_the_place_behind_a_name_in_the_last_bracket(tail, want):
    assert _named(read(page(simple(paragraphs(*BODY[:-1], BODY[-1] + tail))))) == want


def test_a_name_in_brackets_before_the_source():
    article = read(page(simple(info="2026年3月1日08:19 [ 黄羽 ] 来源：[ <a href=/>青林金融报</a> ]")))
    assert (article.source, article.authors) == ("青林金融报", ("黄羽",))


def test_the_writer_printed_as_source_where_the_paper_is_named_too():
    below = read(page(simple(paragraphs(*BODY, "来源: 尹涓", "青林理财周刊"), info="2026-03-01 08:00")))
    above = read(page(simple(paragraphs(*BODY, "来源: 尹涓"), info="2026-03-01 08:00 《青林理财周刊》")))
    for article in (below, above):
        assert (article.source, article.authors) == ("青林理财周刊", ("尹涓",))


def test_a_box_named_source_needs_no_label():
    info = '<span class="a_catalog"><a href="/c">金融</a></span><span class="a_source">青镜</span><span class="a_time">2026-03-01 07:48</span>'
    title = "青镜｜基层义诊如何走得更远"
    markup = html(f"<title>{title}_青林网</title>",
                  f'{NAV}<h1>{title}</h1><div class="a_Info">{info}</div><div class=content>{paragraphs(*BODY)}</div>{FOOT}')
    article = read(page(markup))
    assert article.source == "青镜"
    assert article.signals["source"].score < read(page(simple())).signals["source"].score


@pytest.mark.parametrize("lead", [
    "<p>今日推荐</p>",
    "<p>今</p><p>日</p><p>推</p><p>荐</p><p><a href='/b'>谁还在用旧药箱？</a></p>",
    "<p>第1页/共1页 &lt;&lt;上一页 | 下一页&gt;&gt;</p>",
])
def test_what_was_set_before_the_first_paragraph(lead):
    assert read(page(simple(lead + paragraphs(*BODY)))).text == "\n".join(BODY)


@pytest.mark.parametrize("tail", [
    "赞 0 赏 分享", "微信　微博", "- THE END -", "转载请注明出处：青林科技", "本文通告引用(Trackback)链接: /t.php?p=17", "责任编辑：人气", "共找到 13,046 个相关新闻.",
    "返回青狐，查看更多",
])
def test_what_was_hung_under_the_last(tail):
    assert read(page(simple(paragraphs(*BODY, tail)))).text == "\n".join(BODY)


def test_the_way_back_hung_on_the_last_sentence():
    assert read(page(simple(paragraphs(*BODY[:-1], BODY[-1] + "返回青狐，查看更多")))).text == "\n".join(BODY)


@pytest.mark.parametrize("other", [
    "<div class=side><h4>September 2025</h4><table><tr><td>1</td><td>2</td></tr></table><p>Sep 10th, 2025 10:56 am</p></div>",
    "<div class=comments><p>路人说</p><p>Wednesday, September 10th, 2025 10:56 am</p><p>写得好，赞同作者的看法。</p></div>",
    "<ul><li>老街坊：支持 2025年9月10日 10:56</li></ul>",
])
@pytest.mark.parametrize("before", [True, False])
def test_the_date_beside_the_title_beats_side_bar_and_comments(other, before):
    own = f"<h1>{TITLE}</h1><p>2026-03-01</p><div class=content>{paragraphs(*BODY)}</div>"
    article = read(page(html(f"<title>{TITLE}</title>", other + own if before else own + other), "http://blog.ql.example/?p=17"))
    assert article.published.strftime("%F") == "2026-03-01"


_LONG = "青林市人民医院义诊队走进南湖社区，三百位居民在家门口看上了专家号"
_CUT = _LONG[:22] + "..."


@pytest.mark.parametrize("head, script, first", [
    (f'<meta property="og:title" content="{_LONG}">', "", ""),
    (f'<meta name="description" content="本文原标题：《{_LONG}》 3月1日">', "", ""),
    ("", f"<script>var d = {json.dumps({'title': _LONG}, ensure_ascii=False)};</script>", ""),
    ("", "", f"原标题：《{_LONG}》"),
])
def test_a_cut_title_is_taken_whole_from_where_it_stands(head, script, first):
    inside = paragraphs(*([first] if first else []), *BODY)
    markup = html(f"<title>{_CUT}_青林网</title>{head}",
                  f"{script}{NAV}<h1>{_CUT}</h1><p>2026-03-01 08:00</p><div class=content>{inside}</div>{RELATED}")
    assert read(page(markup)).title == _LONG


def test_a_title_that_trails_off_by_itself_stays():
    title = "义诊队走后，南湖社区的老人们说……"
    assert read(page(simple(title=title))).title == title


def test_the_date_stated_under_a_bar_of_buttons():
    after = "<div>查看评论</div><div>阅读 539</div><div>发布日期：2026-03-01 14:34:05 所属分类：头条</div>"
    article = read(page(simple(info="", after=after + FOOT), "http://www.ql.example/n/17.html"))
    assert article.published.strftime("%F %H:%M") == "2026-03-01 14:34"
    comment = "<div>查看评论</div><div>路人 发布于 2026-03-02 08:00</div><div>写得好</div>"
    assert read(page(simple(info="", after=comment + FOOT), "http://www.ql.example/n/17.html")).published is None


def test_a_cell_that_holds_the_text_and_tables_of_links():
    rows = (f"<tr><td><a href='/n/{i}.html'>· 我市第{i}个社区卫生服务站今天挂牌开诊居民看病少跑路</a></td></tr>" for i in range(40))
    links = f"<table>{''.join(rows)}</table>"
    notice = ("<table><tr><td>本网站的所有内容均由合作方依照协议提供，其版权归属于合作方，如有异议，请依照有关规定向本网站提出，本网站将在核实之后及时处理，并保留追究的权利。</td></tr>"
              "<tr><td>本网站对内容的真实性、准确性和合法性不承担责任，相关责任由提供内容的一方承担。</td></tr></table>")
    told = ("义诊队队长王武说，血压高的居民最怕自行停药，医生逐一查看了他们带来的药盒，写下用法，并约好两周后复诊。",
            "社区主任李思介绍，南湖社区六十岁以上的老人占三成，许多人腿脚不便，以前量一次血压也要请人陪着去医院。")
    cell = f"<td><h1>{TITLE}</h1><p>2026-03-01 08:00　来源：青林日报</p>{paragraphs(*BODY, *told)}{links}{links}</td>"
    article = read(page(html(f"<title>{TITLE}</title>", f"<table><tr>{cell}</tr></table>{notice}")))
    assert article.text == "\n".join((*BODY, *told)) and article.source == "青林日报"


def test_the_writer_beside_the_time_is_no_source():
    info = '<span class="author"><a href="/u/7">青山剑客</a></span> <span>2026-03-01 14:41:12</span> <span>0人参与评论</span>'
    article = read(page(simple(info=info)))
    assert (article.authors, article.source) == (("青山剑客",), "")
    account = read(page(simple(info="<span><a href='/u/7'>青山健康说</a></span> <span>2026-03-01 14:41:12</span>")))
    assert (account.authors, account.source) == ((), "青山健康说")


def test_an_outlet_that_reads_like_a_name_stays_where_it_is_labelled():
    article = read(page(simple(info="青林网 2026-03-01 08:00 来源：封面")))
    assert (article.source, article.people) == ("封面", ())
