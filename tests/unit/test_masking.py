"""What would name a patient is hidden; what names a doctor, an official or nobody is left as it is."""

import pytest
from analysis.masking import leaks, masked


@pytest.mark.parametrize("text, hidden", [
    ("患者张三（男，35岁）因腹痛就诊", "患者张某（男，35岁）因腹痛就诊"),
    ("患者李小明说，他很满意", "患者李某某说，他很满意"),
    ("昨日，产妇欧阳雪梅在市人民医院去世", "昨日，产妇欧阳某某在市人民医院去世"),
    ("患者家属王建国反映", "患者家属王某某反映"),
    ("姓名：赵六，住东桥区", "姓名：赵某，住东桥区"),
    ("患者张三投诉。张三的儿子称", "患者张某投诉。张某的儿子称"),
    ("联系电话13812345678。", "联系电话138****5678。"),
    ("电话 138-1234-5678，+86 13912345678", "电话 138****5678，139****5678"),
    ("电话１３８１２３４５６７８", "电话138****5678"),
    ("身份证110105199003071234", "身份证110************234"),
    ("身份证11010519900307123X", "身份证110************23X"),
])
def test_what_names_a_patient_is_hidden(text, hidden):
    assert leaks(text)
    assert masked(text) == hidden
    assert leaks(hidden) == [] and masked(hidden) == hidden


@pytest.mark.parametrize("text", [
    "", "患者满意度达98%", "病人方便了", "患者高兴地说", "患者家属因此感谢", "患者张某某说", "患者张三（化名）说", "患者张女士说", "主任医师张三说", "记者 张三 通讯员 李四",
    "市卫健委主任王建国在会上说", "0797-8123456", "热线12320", "编号123456789012345678", "2026年11月21日10:30", "110105199013071234", "共138123456789份", "患者们和医生合影",
    "孕妇在市妇保院建档", "病例数为于昨日新高",
])
def test_what_names_nobody_is_left(text):
    assert masked(text) == text and leaks(text) == []


def test_a_long_hostile_text_is_masked_in_no_time():
    text = "患者张" * 20_000 + "1" * 20_000 + "患者" * 20_000
    assert len(masked(text)) == len(text)
