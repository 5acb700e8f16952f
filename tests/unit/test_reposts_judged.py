"""How two articles stand to one another."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings, strategies as st
from press_texts import CLINIC, CLINIC_TITLE, PHARMACY, PHARMACY_TITLE, bulletin

from analysis.reposts import Text, judge
from model.story import Relation

NOON = datetime(2026, 11, 16, 4, 0, tzinfo=timezone.utc)
ORIGINAL = Text(CLINIC_TITLE, CLINIC, NOON)
LINES = CLINIC.split("\n")

REPOSTS = {
    "as it stands": CLINIC,
    "new dateline and credits": "据《云川日报》11月15日报道 " + CLINIC + "\n来源：云川日报\n（责任编辑：赵六）",
    "notice of law behind": CLINIC + "\n声明：本文仅代表作者个人观点，与本网无关，请读者仅作参考，并自行核实相关内容。",
    "a paragraph cut": "\n".join((LINES[0], LINES[1], LINES[2])),
    "paragraphs in another order": "\n".join((LINES[2], LINES[3], LINES[0], LINES[1])),
    "a paragraph added": CLINIC + "\n链接：我市今年把老年人健康管理写进民生实事，计划为二十万名老人建立健康档案，目前已完成过半，各县区进度每月公布一次。",
    "lightly edited": CLINIC.replace("已经排起了队", "排起了长队").replace("前后不到四十分钟", "前后不过四十分钟").replace("据区卫生健康局统计，", ""),
    "traditional script": CLINIC.replace("体检车", "體檢車").replace("卫生", "衛生").replace("检查", "檢查"),
    "full width figures": CLINIC.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
}


@pytest.mark.parametrize("text", REPOSTS.values(), ids=REPOSTS)
def test_reposts(text):
    verdict = judge(ORIGINAL, Text("体检车开进山村 老人不出村做检查", text, NOON + timedelta(hours=5)))
    assert verdict.relation is Relation.REPOST, verdict.reason
    assert verdict.score >= 0.5 and "%" in verdict.reason


def test_another_days_bulletin_is_another_article():
    monday = Text("流感样病例日报", bulletin(16, 12, 340, 301), NOON)
    tuesday = Text("流感样病例日报", bulletin(17, 9, 349, 310), NOON + timedelta(days=1))
    verdict = judge(monday, tuesday)
    assert verdict.relation is Relation.SAME_TEMPLATE and verdict.score < 0.5
    assert "数字不同" in verdict.reason and "日期不同" in verdict.reason


def test_a_bulletin_with_only_another_date_is_another_article():
    one, two = Text("日报", bulletin(16, 12, 340, 301), NOON), Text("日报", bulletin(17, 12, 340, 301), NOON)
    assert judge(one, two).relation is Relation.SAME_TEMPLATE


def test_the_same_bulletin_elsewhere_is_a_repost():
    told = bulletin(16, 12, 340, 301).replace("云川市报告", "我市报告").replace("0时至24时", "0—24时")
    assert judge(Text("流感样病例日报", bulletin(16, 12, 340, 301), NOON), Text("我市昨日新增12例", "【#流感日报#】" + told, NOON)).relation is Relation.REPOST


def test_a_bulletin_of_another_place_is_another_article():
    verdict = judge(Text("日报", bulletin(16, 12, 340, 301, "赣州市"), NOON), Text("日报", bulletin(16, 12, 340, 301, "吉安市"), NOON))
    assert verdict.relation is Relation.SAME_TEMPLATE and "地名不同 吉安/赣州" in verdict.reason


def test_places_in_titles_alone_do_not_make_another_article():
    text = "省卫生健康委今天发布提示：流感高发季节将至，老年人、儿童和慢性病患者宜尽早接种流感疫苗，接种后留观半小时。"
    assert judge(Text("江西提醒尽早接种流感疫苗", text, NOON), Text("赣州人注意：该打流感疫苗了", text, NOON)).relation is Relation.REPOST


def test_today_of_two_days_is_not_one_article():
    text = "今天，云川市举行呼吸道疾病防治例行新闻发布会。会上，市卫生健康委将通报最新情况，并回答记者提问。看直播，请关注！"
    one = Text("直播！云川通报防治工作情况", text, NOON)
    assert judge(one, Text("直播！云川通报最新情况", text.replace("今天", "今晚"), NOON + timedelta(days=1))).relation is Relation.SAME_TEMPLATE
    assert judge(one, Text("直播！云川通报最新情况", text, NOON + timedelta(hours=1))).relation is Relation.REPOST


def test_only_a_notice_in_common():
    notice = "免责声明：本文仅代表作者个人观点，与本网无关。其原创性以及文中陈述文字和内容未经本站证实，请读者仅作参考，并请自行核实相关内容。"
    assert judge(Text("市一院完成首例手术", notice), Text("动物园迎来三只小熊猫", notice)).relation is Relation.BOILERPLATE_ONLY


def test_only_a_sidebar_in_common():
    sidebar = ("渔民在湖面上撒网，晨雾还没有散去。候鸟成群飞过芦苇荡，摄影爱好者架起长焦镜头。古城墙下的灯会吸引了三万名游客前来观赏。"
               "登山队抵达四号营地，等待天气转好后冲顶。梯田里的油菜花开成金色的海洋。孩子们在操场上放飞亲手做的风筝，欢笑声传出很远。")
    one = Text(CLINIC_TITLE, LINES[0] + "\n" + sidebar)
    two = Text(PHARMACY_TITLE, PHARMACY.split("\n")[0] + "\n" + sidebar)
    assert judge(one, two).relation is Relation.BOILERPLATE_ONLY


def test_learned_boilerplate_does_not_count():
    lines = ("云川发布每天为您送上最新的本地消息和生活服务提示。", "把身边的新鲜事告诉我们，就有机会得到小礼物一份，欢迎您来电来函。")
    body = "市气象台预计明天多云转晴，最高气温十八度。"
    a = Text("明天多云转晴", body + "\n" + "\n".join(lines), boilerplate=lines)
    b = Text("菜价略有回落", "本周城区菜价略有回落，黄瓜每斤三元二角。\n" + "\n".join(lines), boilerplate=lines)
    assert judge(a, b).relation is Relation.BOILERPLATE_ONLY


def test_a_quoted_statement_is_partial_reuse():
    statement = LINES[2] + LINES[3][:60]
    other = Text("云川盘点今年健康实事", "今年以来，云川市推进十件健康实事。" + PHARMACY + "\n" + statement)
    verdict = judge(ORIGINAL, other)
    assert verdict.relation is Relation.PARTIAL_REUSE and "成段文字" in verdict.reason


def test_the_opening_alone_is_an_excerpt():
    brief = Text("南屏区体检车开到村口", CLINIC[:150])
    verdict = judge(Text("南屏区体检车开到松溪村", CLINIC, NOON), brief)
    assert verdict.relation is Relation.EXCERPT and verdict.score < 0.5 and verdict.relation.joins


def test_two_reports_of_one_happening_are_two_articles():
    other = Text("体检车进村 老人体检不出村",
                 "一辆体检车每天开进不同的村子，是南屏区今秋的新鲜事。记者跟着体检车走了一天，看老人们怎样在体检车上完成检查。"
                 "车上有心电图机和彩超机，司机老刘兼做登记员，老人们围着体检车说说笑笑。", NOON)
    assert judge(ORIGINAL, other).relation is Relation.SAME_EVENT


def test_nothing_in_common():
    assert judge(ORIGINAL, Text(PHARMACY_TITLE, PHARMACY)).relation is Relation.DIFFERENT
    assert judge(Text("", ""), Text("", "")).relation is not Relation.REPOST


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=40), st.text(max_size=40))
def test_it_never_breaks_and_does_not_depend_on_the_order(a, b, title_a, title_b):
    one, two = Text(title_a, a, NOON), Text(title_b, b, NOON + timedelta(days=2))
    assert judge(one, two) == judge(two, one)
    assert 0.0 <= judge(one, two).score <= 1.0


def test_hostile_text_is_bounded():
    hostile = "（" * 60_000 + "记者" * 30_000 + "1月" * 30_000
    assert judge(Text("甲", hostile), Text("乙", hostile[1:])).reason
