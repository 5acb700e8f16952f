"""Hides what would name a patient: names beside the words for patients, mobile numbers, identity numbers.

A surname stays (张三 → 张某); names already hidden or said to be invented (化名) are left.  Doctors, officials and reporters are not touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

_SURNAMES = ("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史"
             "陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳"
             "管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝")
_DOUBLE = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|端木"
_GIVEN = r"(?![的地得了着们是不在有和与为以因被于家满某者等及或向对说称及其也都而后前时中将已正曾])[\u4e00-\u9fff]"
_WHO = r"(?:患者|病人|病患|伤者|伤员|死者|逝者|孕妇|产妇|患儿|确诊者|感染者|受害人|受害者|病例\d{0,3}|(?:患者|病人)(?:的)?(?:家属|父亲|母亲|丈夫|妻子|儿子|女儿))"
_AFTER = (r"(?=[（(][男女]|[，,、]\s*(?:男|女|现年|今年|年仅|\d{1,3}岁)|\s*\d{1,3}岁|的|说|称|表示|告诉|回忆|反映|投诉|介绍|突发|突然|出现|感染|确诊|死亡|去世|身亡|不治|入院|住院|出院"
          r"|送医|送往|就诊|就医|家住|家属|因|被|于|在|到|前往|来到|和|与|及|向|对|[，,。；;！!？?）)》”\s]|$)")
_NAMED = re.compile(rf"(?:{_WHO}|姓名[:：]\s?)(?P<name>(?:{_DOUBLE}|[{_SURNAMES}])(?:{_GIVEN}){{1,2}}?)(?!（化名|\(化名){_AFTER}")
# Surnames that more often begin a common word (康复, 陆续, 应该, 符合): believed only where sex, age or "姓名" stands beside the name.
_WORDLIKE = frozenset("和全时应连曾解安康符陆于方高平明向成单路关左万温古游计师牛步经冷满施包申通易齐章宁查终谢")
_SURE = re.compile(r"[（(][男女]|[，,、]\s*(?:男|女|现年|今年|年仅|\d{1,3}岁)|\s*\d{1,3}岁")
_MOBILE = re.compile(r"(?<![0-9０-９.])(?:(?:\+|00)86[- ]?)?(1[3-9][0-9])[- ]?([0-9]{4})[- ]?([0-9]{4})(?![0-9０-９])")
_CITIZEN = re.compile(r"(?<![0-9A-Za-z])([1-8][0-9]{5})((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])[0-9]{3}[0-9Xx](?![0-9A-Za-z])")
_WIDE = str.maketrans("０１２３４５６７８９ＸＸ－＋", "0123456789XX-+")
_TITLES = {"女士", "先生", "某某", "大爷", "大妈", "阿姨", "同学", "医生", "护士", "主任"}


def _names(text: str) -> dict[str, str]:
    """name → how it is written instead."""
    found = {}
    for match in _NAMED.finditer(text):
        name = match["name"]
        surname = name[:2] if re.match(_DOUBLE, name) else name[:1]
        given = name[len(surname):]
        sure = match[0].startswith("姓名") or _SURE.match(text, match.end())
        if given and given not in _TITLES and (sure or surname not in _WORDLIKE):
            found[name] = surname + "某" * len(given)
    return found


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def masked(text: str) -> str:
    """`text` with patients' names, mobile and identity numbers hidden; masking twice changes nothing more."""
    if not text:
        return text
    text = _over(text, _CITIZEN, lambda m: m[1][:3] + "*" * 12 + m[0][-3:] if _is_day(m[2], m[3], m[4]) else None)
    text = _over(text, _MOBILE, lambda m: f"{m[1]}****{m[3]}")
    for name, instead in _names(text).items():
        text = text.replace(name, instead)
    return text


def _over(text: str, pattern: re.Pattern[str], instead: Callable[[re.Match[str]], str | None]) -> str:
    """Found in full-width digits too; everything else of `text` stays as it is."""
    plain, made, at = text.translate(_WIDE), [], 0
    for match in pattern.finditer(plain):
        new = instead(match)
        if new is not None:
            made += [text[at:match.start()], new]
            at = match.end()
    return "".join((*made, text[at:])) if made else text


def leaks(text: str) -> list[str]:
    """What in `text` would name a patient, in Chinese, each without showing more than it must."""
    plain = text.translate(_WIDE)
    found = [f"身份证号 {m[1][:3]}…" for m in _CITIZEN.finditer(plain) if _is_day(m[2], m[3], m[4])]
    found += [f"手机号 {m[1]}…" for m in _MOBILE.finditer(plain)]
    found += [f"患者姓名“{name}”" for name in _names(text)]
    return list(dict.fromkeys(found))
