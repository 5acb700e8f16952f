"""Sensitive matters besides blame: each opens a case of its own kind, by the shipped words and the bureau's own numbers of documents."""

from pathlib import Path

import pytest

from analysis.mentions import Names
from analysis.ruled import RuledJudge
from config.load import load_bureau
from model.opinion import Label

BUREAU = load_bureau(Path(__file__).resolve().parents[2] / "config" / "sample" / "bureau")
JUDGE, NAMES = RuledJudge(BUREAU.vocabulary), Names(BUREAU.units, BUREAU.vocabulary.place_traps)


def judged(title, text):
    return JUDGE.judge(title, text, NAMES.find(title, text), {u.id: u.label for u in BUREAU.units})


@pytest.mark.parametrize("kind,unit,title,text", [
    ("leak", "wjw", "云川市卫健委一份内部通知流出", "1月5日，网上有人发布云川市卫生健康委员会内部文件的照片，文件注明“内部资料，不得外传”。该委正在核查外泄的渠道。"),
    ("leak", "wjw", "一份排班通知引关注", "昨晚，网传云卫办〔2026〕3号文件的截图，要求各科室周末停休。云川市卫生健康委员会尚未回应。"),
    ("defaced", "syy", "云川市第一人民医院官网跳转到赌博网站", "网民打开云川市第一人民医院官网，页面跳转到赌博网站。院方表示网站被篡改，技术人员正在处理。"),
    ("policy", "wjw", "独生子女奖励取消？云川市卫健委：政策被误读", "有自媒体称云川市将取消独生子女奖励。云川市卫生健康委员会表示，这一说法断章取义，不存在取消一说，发放标准不变。"),
    ("untrue", "syy", "“云川市第一人民医院死了二十人”系谣言", "警方通报，网传“云川市第一人民医院一天死亡二十人”为不实信息，系李某某编造，李某某因造谣被行政拘留五日。"),
])
def test_each_rings_as_its_own_kind(kind, unit, title, text):
    held = {j.unit_id: j for j in judged(title, text)}
    assert held[""].alarm == held[unit].alarm == kind and held[unit].topic
    assert held[unit].label in (Label.NEGATIVE, Label.RISK)


@pytest.mark.parametrize("title,text", [
    ("云川市卫健委部署夏季防病", "云川市卫生健康委员会近日印发云卫办〔2026〕3号文件，部署夏季传染病防控，要求各单位加强值守。"),
    ("一图读懂云川市家庭医生签约新政策", "云川市卫生健康委员会发布政策解读，签约居民可享受十二项服务，流程更加方便。"),
    ("云川市第一人民医院官网改版", "云川市第一人民医院官网改版上线，增加防篡改系统，方便群众预约挂号。"),
])
def test_the_same_words_in_work_ring_for_nobody(title, text):
    assert not any(j.alarm or j.label is Label.NEGATIVE for j in judged(title, text))
