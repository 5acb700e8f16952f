"""Who does what to whom: one sentence a case, each with its opposite where there is one."""

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.mentions import Names
from analysis.opinion import Judge
from analysis.target import same_body
from config.load import load_vocabulary
from model.opinion import Label
from model.region import Region
from model.unit import Unit

JUDGE = Judge(load_vocabulary(Path(__file__).resolve().parents[2] / "config" / "default" / "words.yaml"))
CITY = Region("临江省", "云川市")
UNITS = (
    Unit("wjw", "云川市卫生健康委员会", "市卫健委", (), CITY, "commission", is_bureau=True), Unit("yy1", "云川市第一人民医院", "市一院", (), CITY),
    Unit("zyy", "云川市中医医院", "市中医院", (), CITY),
)
NAMES = Names(UNITS)


def judge(title, text=""):
    return JUDGE.judge(title, text)[0]


def by_unit(title, text):
    mentions = NAMES.find(title, text, outlet_region=CITY)
    return {j.unit_id: j for j in JUDGE.judge(title, text, mentions, {u.id: u.label for u in UNITS})}


@pytest.mark.parametrize("title, text, label", [
    ("市卫健委查处三家黑诊所", "市卫健委开展专项行动，依法取缔无证诊所三家。", "P"),
    ("市卫健委被指不作为", "居民多次举报无证诊所，市卫健委不作为，一拖再拖。", "N"),
    ("市一院全年零投诉", "市一院坚持以患者为中心，全年零投诉、零事故。", "P"),
    ("市一院“零投诉”被指造假", "患者晒出投诉回执，质疑市一院“零投诉”造假。", "N"),
    ("市一院未发生医疗事故", "市一院三年来未发生一起医疗事故，没有发生院内感染。", "P"),
    ("市一院发生医疗事故", "市一院发生医疗事故，患者瘫痪，家属索赔。", "N"),
    ("市一院举行反暴力伤医演练", "演练中，“歹徒”持刀闯入诊室，安保迅速处置。", "P"),
    ("醉汉殴打市一院护士被刑拘", "男子酒后殴打护士，已被警方刑事拘留。", "R"),
    ("市一院医生殴打患者被停职", "市一院一名医生殴打患者，已被停职，医院致歉。", "N"),
    ("网传市一院误诊系谣言", "官方辟谣：网传市一院误诊致人死亡的消息不实，造谣者已被拘留。", "R"),
    ("全市孕产妇死亡率下降", "全市孕产妇死亡率降至历史最低，母婴安全得到保障。", "P"),
    ("产妇死亡 市一院被质疑延误抢救", "产妇在市一院死亡，家属质疑医院延误救治，要求尸检。", "N"),
    ("中学食堂发生食物中毒", "三十名学生食物中毒，被送往市一院救治，均无生命危险。", "R"),
    ("男子坠楼身亡", "一男子从写字楼坠楼身亡，警方排除他杀。", "X"),
])
def test_who_does_what_to_whom(title, text, label):
    said = judge(title, text)
    assert said.label.value == label, (said.score, said.reason)


def test_of_two_gapped_patterns_the_one_printed_first_gives_the_topic():
    said = [judge("", text) for text in ("患者在云川市第一人民医院死亡，家属多次索赔。", "家属多次索赔，称患者在云川市第一人民医院死亡。")]
    assert [[h.topic for h in j.hits if h.kind == "gap"] for j in said] == [["T02", "T01"], ["T01", "T02"]]


def test_words_inside_a_fixed_phrase_are_no_signs_of_their_own():
    alone, inside = (JUDGE.read("", text).signs for text in ("市一院发生医疗纠纷。", "市医疗纠纷人民调解委员会成立。"))
    assert "文:strong" in alone and "文:masked" not in alone
    assert "文:strong" not in inside and "文:masked" in inside


def test_praise_of_one_and_blame_of_another_are_two_judgements():
    said = by_unit("一城两院两种口碑", "云川市第一人民医院医生连夜抢救老人，家属送来锦旗，称赞医术精湛。\n而在云川市中医医院，老人曾被误诊，值班医生态度恶劣、推诿患者，家属已投诉，要求医院道歉。")
    assert said["zyy"].label is Label.NEGATIVE
    assert said["yy1"].label is Label.POSITIVE
    assert said["zyy"].target == "市中医院"
    assert "误诊" in said["zyy"].sentence


def test_the_commission_that_investigates_is_at_risk_not_blamed():
    said = by_unit("患儿输液后死亡 家属质疑市一院用药", "患儿在市一院输液后死亡，家属质疑医院用药错误。市卫健委已成立调查组介入调查。")
    assert said["yy1"].label is Label.NEGATIVE
    assert said["wjw"].label in (Label.RISK, Label.POSITIVE)


def test_he_who_is_meant_by_this_hospital():
    said = by_unit("患者瘫痪谁之过", "老人在云川市第一人民医院手术后瘫痪。家属认为，该院存在重大过失，拒绝封存病历。")
    assert said["yy1"].label is Label.NEGATIVE


def test_a_judgement_tells_its_reasons():
    said = judge("市一院护士推诿患者被投诉", "市一院护士态度恶劣，推诿患者，家属投诉后无人回应。")
    assert said.label is Label.NEGATIVE
    assert said.target == "市一院"
    assert said.topic == "T04"
    assert said.severity >= 1
    assert "推诿患者" in said.words
    assert said.sentence in "市一院护士推诿患者被投诉市一院护士态度恶劣，推诿患者，家属投诉后无人回应。"
    assert "受批评：市一院" in said.reason and "依据：" in said.reason


def test_a_cancelled_word_is_shown_with_what_cancelled_it():
    said = judge("云川开展打击非法行医专项行动", "各区联合执法，打击非法行医，成效明显。")
    cancelled = [h for h in said.hits if h.term == "非法行医"]
    assert cancelled and all(h.cancelled for h in cancelled)


def test_hits_point_into_the_original_text():
    title, text = "市一院误*诊", "家屬投訴：市一院醫生態度惡劣，推​诿患者。"
    whole = title + "\n" + text
    said = judge(title, text)
    assert said.label is Label.NEGATIVE
    assert {"误*诊", "推​诿患者"} <= {whole[h.start:h.end] for h in said.hits}


def test_a_standing_watch_topic_needs_no_blame():
    said = judge("我市调整医疗服务价格", "医保局公布医疗服务价格调整方案。")
    assert any(h.kind == "watch" and h.topic == "W01" for h in said.hits)


@pytest.mark.parametrize("title, topic", [
    ("市卫健委红头文件流出引热议", "S01"), ("云卫健发〔2026〕15号在业主群里疯传", "S01"), ("市一院官网被篡改跳转赌博网站", "S02"), ("医保新规遭断章取义 市医保局回应政策误读", "S03"),
])
def test_sensitive_matters_have_their_own_topic(title, topic):
    said = judge(title, title + "，市卫健委表示正在核实，患者就医不受影响，医院诊疗正常。")
    assert topic in {h.topic for h in said.hits if not h.cancelled}
    assert said.label in (Label.RISK, Label.NEGATIVE)


def test_deaths_in_care_are_grave():
    assert judge("产妇死亡 市一院被质疑", "产妇在市一院死亡，家属质疑医院延误救治。").severity == 3


@pytest.mark.parametrize("one, other, same", [
    ("云川一院", "云川市第一人民医院", True), ("市一院", "云川市第一人民医院", True), ("云川市第一人民医院", "云川市第一人民医院东院区", True),
    ("白沙县医院", "白沙县中医院", False), ("云川二院", "云川市第一人民医院", False), ("市卫健委", "云川市卫生健康委员会", True),
])
def test_same_body(one, other, same):
    assert same_body(one, other) is same is same_body(other, one)


def test_the_reason_tells_who_added_a_deciding_word_and_when():
    shipped = load_vocabulary(Path(__file__).resolve().parents[2] / "config" / "default" / "words.yaml")
    topics = tuple(replace(t, strong=(*t.strong, "甩脸子")) if t.id == "T04" else t for t in shipped.topics)
    own = replace(shipped, topics=topics, provenance={**shipped.provenance, "T04.strong:甩脸子": "值班室 2026-11-20"})
    said = Judge(own).judge("市一院护士当众甩脸子被投诉", "市一院护士对患者甩脸子，推诿患者，家属投诉后无人回应。")[0]
    assert said.label is Label.NEGATIVE and "“甩脸子”值班室 2026-11-20加入" in said.reason
    assert own.origin("T04.strong", "甩脸子") == "值班室 2026-11-20" and all(own.origin(f"{t.id}.strong", w) for t in own.topics for w in t.strong)
