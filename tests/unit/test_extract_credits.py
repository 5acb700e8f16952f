"""Bylines in the shapes the press prints them, and lines that only look like bylines."""

import pytest
from extract_pages import BODY, page, paragraphs, simple

from pipelines.extract import read
from pipelines.extract.credits import is_credit, parse
from pipelines.extract.dateline import original_title, reposted_from
from pipelines.extract.dateline import read as read_dateline
from pipelines.extract.names import names


def _short(people) -> list[tuple[str, str, str]]:
    return [(p.name, p.role, p.unit) for p in people]


@pytest.mark.parametrize("text, want", [
    ("张　三、李四 王五", ["张三", "李四", "王五"]),
    ("刘 洋 马晓燕", ["刘洋", "马晓燕"]),
    ("阿卜杜拉·买买提，欧阳修文", ["阿卜杜拉·买买提", "欧阳修文"]),
    ("李明_NB1234；王芳摄", ["李明", "王芳"]),
    ("本报讯", []),
    ("获悉", []),
])
def test_names(text, want):
    assert names(text) == want


@pytest.mark.parametrize("text, want", [
    ("记者 张三 通讯员 李四 王五", [("张三", "reporter", ""), ("李四", "correspondent", ""), ("王五", "correspondent", "")]),
    ("本报记者 张三 通讯员 李四", [("张三", "reporter", ""), ("李四", "correspondent", "")]),
    ("全媒体记者张　三 特约通讯员 李四", [("张三", "reporter", ""), ("李四", "correspondent", "")]),
    ("通讯员 青林市人民医院 王小兰", [("王小兰", "correspondent", "青林市人民医院")]),
    ("通讯员 王小兰（青林市疾控中心）", [("王小兰", "correspondent", "青林市疾控中心")]),
    ("记者 格桑边觉", [("格桑边觉", "reporter", "")]),
    ("图文/张三", [("张三", "author", "")]),
    ("文/张三 图/李四", [("张三", "author", ""), ("李四", "photographer", "")]),
    ("采写：青报记者 张三", [("张三", "reporter", "")]),
    ("一审：张三 二审：李四 三审：王五", [("张三", "reviewer", ""), ("李四", "reviewer", ""), ("王五", "reviewer", "")]),
    ("责编：郑伟、孙静", [("郑伟", "editor", ""), ("孙静", "editor", "")]),
    ("【责任编辑:张 三 】", [("张三", "editor", "")]),
    ("作者：风中之烛 编辑：Demi Xia", [("风中之烛", "author", ""), ("Demi Xia", "editor", "")]),
    ("供稿：青林县人民医院", [("青林县人民医院", "contributor", "青林县人民医院")]),
    ("光明社记者 王建宏 张文攀", [("王建宏", "reporter", ""), ("张文攀", "reporter", "")]),
    ("記者陳大文／青林報導", [("陳大文", "reporter", "")]),
    ("記者陳大文青林報導", [("陳大文", "reporter", "")]),
    ("中央社記者張三台北21日電", [("張三", "reporter", "")]),
    ("圖、文／張三", [("張三", "author", "")]),
])
def test_credits(text, want):
    assert _short(parse(text, sure=True)) == want


@pytest.mark.parametrize("line", ["□ 本报记者 张三", "（责编：郑伟）", "来源：健康报", "文/图 本报记者 刘 洋", "记者 刘涛", "编辑：李明 校对：王芳", "（青林县人民医院供稿）", "□ 张三", "本报记者"])
def test_lines_of_credits(line):
    assert is_credit(line)


@pytest.mark.parametrize("line", [
    "记者从市卫健委获悉，全市接种点已恢复开放。", "记者了解到这项政策下月实施", "自2007年起，当地陆续修建了四百多座运动场。", "一、主要任务", "作者认为，这是一次有益的尝试。", "据通讯员介绍，活动持续三天。",
    "图书馆周末延长开放", "文明城市创建进行时"])
def test_lines_of_text(line):
    assert not is_credit(line)


@pytest.mark.parametrize("line", ["记者看东北", "作者最新文章", "本文版权归作者所有，并已获许可", "作者简介：关注健康", "记者会上表示将继续"])
def test_no_people_where_none_are_named(line):
    assert parse(line) == []


@pytest.mark.parametrize("tail, author, role", [
    ("（张巨峰）", "张巨峰", "author"), ("（评论员 罗博 萧海川）", "萧海川", "author"), ("（记者　李明）", "李明", "reporter")])
def test_signature_in_the_last_bracket(tail, author, role):
    article = read(page(simple(paragraphs(*BODY[:2], BODY[2] + tail))))
    assert (author, role) in [(p.name, p.role) for p in article.people]


def test_unit_and_name_as_last_line_earn_for_the_unit():
    article = read(page(simple(paragraphs(*BODY, "青林市妇幼保健院健康教育科 王雪梅"))))
    assert ("王雪梅", "contributor", "青林市妇幼保健院健康教育科") in _short(article.people)
    assert article.text == "\n".join(BODY)


def test_person_of_the_data_where_nobody_is_printed():
    held = '<script type="application/ld+json">{"@type":"NewsArticle","author":{"@type":"Person","name":"李明"}}</script></head>'
    assert read(page(simple().replace("</head>", held))).authors == ("李明",)
    assert read(page(simple(info="2026-03-01 08:00 作者：王芳").replace("</head>", held))).authors == ("王芳",)
    assert read(page(simple().replace("</head>", held.replace("李明", "青林日报社")))).authors == ()


def test_a_person_beside_the_time_is_an_author_and_no_source():
    article = read(page(simple(info='<span class="author">王利阳</span> <span>2026-03-01 08:00</span>', after="")))
    assert (article.authors, article.source) == (("王利阳",), "")


def test_paper_and_name_in_the_last_bracket_are_an_author():
    article = read(page(simple(paragraphs(*BODY[:2], BODY[2] + "（青林财经 张艳）"))))
    assert ("张艳", "author", "青林财经") in _short(article.people)
    article = read(page(simple(paragraphs(*BODY, "（白沙县人民医院 蓝英 潘志勇）"))))
    assert article.correspondents == ("蓝英", "潘志勇") and article.people[-1].unit == "白沙县人民医院"


def test_photographer_of_a_caption():
    article = read(page(simple(paragraphs(BODY[0], "图为义诊现场。（刘通摄）", *BODY[1:]))))
    assert ("刘通", "photographer", "") in _short(article.people)


def test_comments_and_related_lines_name_nobody():
    article = read(page(simple(after='<div>本文作者最新文章</div><div class="comments"><p>作者：网友甲 太好了，我也想参加这个活动，请问怎么报名？</p></div>')))
    assert article.authors == ()


@pytest.mark.parametrize("line, agency, place, day, own", [
    ("新华社武汉2月19日电 记者获悉", "新华社", "武汉", "2月19日", False),
    ("中新网青林3月1日电 (记者 张三)", "中新网", "青林", "3月1日", False),
    ("据新华社拉萨电（记者 格桑边觉）", "新华社", "拉萨", "", False),
    ("长江网10月4日讯（记者陈智）", "长江网", "", "10月4日", False),
    ("本报讯（记者 李明）", "本报", "", "", True),
    ("本台青林3月1日消息", "本台", "青林", "3月1日", True),
])
def test_dateline(line, agency, place, day, own):
    found = read_dateline([line])
    assert (found.agency, found.place, found.day, found.own) == (agency, place, day, own)


def test_no_dateline_in_plain_text():
    assert read_dateline(["3月1日，青林市人民医院启动义诊。", "记者日前从会上获悉。"]) is None


@pytest.mark.parametrize("line, title", [
    ("（原标题：春季开学，织密防线）", "春季开学，织密防线"), ("原题为《是“收割”还是“回归”》", "是“收割”还是“回归”"), ("　　原标题：“黑五”战役打响", "“黑五”战役打响")])
def test_original_title(line, title):
    assert original_title([line]) == title


def test_reposted_from():
    assert reposted_from(["转自：健康青林公众号", "正文"]) == "健康青林公众号"
    assert reposted_from(["据《青林日报》报道，全市启动义诊。"]) == "青林日报"
    assert reposted_from(["据了解，全市启动义诊。", "据台媒报道"]) == ""


@pytest.mark.parametrize("line, want", [
    ("□通讯员 李思 本报记者 张三丰", [("李思", "correspondent", ""), ("张三丰", "reporter", "")]),
    ("编辑：张三丰丨校对：李思丨审核：王武", [("张三丰", "editor", ""), ("李思", "reviewer", ""), ("王武", "reviewer", "")]),
    ("通讯员：张三丰（市人民医院）、李思（市中医院）", [("张三丰", "correspondent", "市人民医院"), ("李思", "correspondent", "市中医院")]),
    ("记者：张三丰；通讯员：李思、王武；编辑：赵柳",
     [("张三丰", "reporter", ""), ("李思", "correspondent", ""), ("王武", "correspondent", ""), ("赵柳", "editor", "")]),
    ("（记者 何苗 通讯员张三丰 李思（市妇幼保健院））",
     [("何苗", "reporter", ""), ("张三丰", "correspondent", "市妇幼保健院"), ("李思", "correspondent", "市妇幼保健院")]),
])
def test_several_people_with_marks_and_units_between(line, want):
    article = read(page(simple(paragraphs(*BODY, line))))
    assert [(p.name, p.role, p.unit) for p in article.people] == want


def test_a_line_below_the_body_that_says_where_it_was_taken_from():
    assert read(page(simple(paragraphs(*BODY, "本文转载自“青林发布”微信公众号")))).reposted_from == "青林发布"


def test_credits_beyond_a_box_of_related_links():
    after = '<div class="box"><b>重点推荐</b><ul><li><a href="/1">证券要闻一二三</a></li></ul></div><div>本文来源：青林日报 作者：张三丰 责任编辑：李思</div>'
    article = read(page(simple(after=after)))
    assert (article.authors, article.editors) == (("张三丰",), ("李思",))


@pytest.mark.parametrize("box, authors", [("康斯坦丁", ("康斯坦丁",)), ("maomaobear", ("maomaobear",)), ("青林发布", ()), ("admin", ()), ("青林晚报", ())])
def test_a_pen_name_in_the_authors_box(box, authors):
    article = read(page(simple(info=f'<span class="con_author">{box}</span> <span>2026-03-01 08:00</span>')))
    assert article.authors == authors


def test_an_outlet_alone_on_the_line_above_the_time_is_the_source():
    assert read(page(simple(info="<p>新华社</p><p>2026-03-01 08:00</p>"))).source == "新华社"
