"""Health bodies named in a text: found by the end of the name, then read back to where the name begins.

A body is `named` (云川市第一人民医院) or generic (医院, 院方); its kind says whether it serves (provider), oversees
(authority) or sells (company).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from analysis.words import known, tag

PROVIDER, AUTHORITY, COMPANY, GENERIC = "provider", "authority", "company", "generic"
_LONGEST = 20                  # characters a name may have before its end word
_HAN = "\u4e00-\u9fff"
_BEFORE = re.compile(rf"[{_HAN}0-9A-Za-z·]*$")
_PROVINCES = ("北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 "
              "内蒙古 广西 西藏 宁夏 新疆 香港 澳门").split()
_PROVINCE_FIRST = re.compile(rf"^(?:{'|'.join(_PROVINCES)})(?:省|自治区|壮族自治区|回族自治区|维吾尔自治区)?(?=[{_HAN}]{{2,4}}[市县区州])")
_NOT_NAMES = frozenset(        # what the cutter takes for a noun but never begins a name
    "群众 市民 居民 村民 记者 患者 病人 家属 产妇 孕妇 患儿 医生 护士 大夫 先生 女士 丈夫 妻子 男子 女子 老人 孩子 网友 事件 院方 学生 家长 业内 人士 领导 干部 吐槽 曝 告 诉 遭 因 称 等 据 时 时候 "
    "情况 问题 原因 新闻 消息 时间 现场 凌晨 当天 当日 当晚 同时 结果 方面 双方 有关 相关 涉事 当事 所在 原 前 现任 时任 主任 院长 书记 局长 教授 专家 名单 负责人 工作人员 图 料图 资料 所属 下属 定点 指定".split())
_COMMON = frozenset(           # sorts of hospitals: no name by themselves
    "骨科 肿瘤 妇科 产科 妇产科 儿科 眼科 口腔 牙科 皮肤 整形 美容 专科 综合 传染病 精神病 精神 心理 民营 公立 私立 三甲 三级 二级 大型 基层 乡镇 社区 县级 市级 省级 中医 西医 儿童 妇幼 妇女 康复 互联网 私人 "
    "军队 部队 黑 无证 小 大 老 新 总 好 村 镇 乡 全市 全省 全县 全区 全国 中国 我市 我省 我县 外地 本地 当地 国内 国外 海外 外国 美国 定点 方舱 人民 百姓 医疗 专科性 综合性 营利性 连锁 正规 知名 著名 普通 新冠 核酸 甲流 抗原 抗体 基因 血液 病毒 疫苗 各大 各级 各地 部分 其他 "
    "诊所 医院 该 本 我 我们 他 她 这 那 某 各 多 几 两 三 一 此 其 贵 哪 哪家 别 每 任何 所有 许多 一些 有些 不少 众多 另 另一 医学 医美 生殖 体检 非法 违规 莆田系 黑心 基本".split())
_STOP = re.compile(
    "以及|网传|疑似|据传|爆料|致使|记者|前往|进入|来到|位于|联系|致电|当地|涉事|当事|送往|转入|转至|转到|送至|送到|获悉|责成|督促|要求|责令|查处|通报|约谈|处罚|曝光|举报|投诉|质疑|起诉|状告|指责|批评|吐槽|出现|导致|入住|住进|走出|离开|回到|来自|名为"
    "|所谓|包括|其中|目前|随后|此前|此后|日前|近日|昨日|今天|昨天|上午|下午|晚间|凌晨|前述|上述|声称|介绍|表示|认为|指出|公布|证实|披露|报道|显示|关于|针对|反映|同意|委托|依托|支援|帮扶|协调|医生|护士|院长|主任|患者|家属"
    "|产妇|孕妇|丈夫|妻子|孩子|网友|事发|就职|任职|供职|曾经|已经|正在|仍在|直接|隔壁|附近|周边|有关|相关|部分|某些|一些|许多|不少|各级|各类|各地|所有|全部|任何|每个|上级|下属|所属|直属|辖区|定点|陪同|抵达|赶到|赶往|转诊|接诊"
    "|收治|经过|通过|根据|按照|利用|成为|作为|担任|访问|考察|调研|检查|督查|督导|指导|走访|慰问|进驻|日电|月电|一位|首家|自己|本人|惊现|离谱|最新|快讯|突发|回应|追问|独家|调查|暗访|揭秘"
    "|距离|晒出|查询|得知|直击|反映|举报|拨打|聘为|应聘|我院|本院|该院|[被将把了称的让给遭]|\\d+[日月年时点分]"
)
_OF_NAMES = frozenset(         # what is done there: stands inside names all the same, and is none by itself
    "连锁 综合 管理 服务 检验 检测 诊断 体外 康复 美容 整形 救护 批发 透析 设备 监督 保健 戒毒 护理 咨询 销售 技术 健康 结合 合作 防治 监测 急救 颐养 女子 120 12320".split())
_SPECIALTIES = frozenset("妇产 妇科 产科 骨科 骨伤 眼科 口腔 耳鼻喉 肛肠 男科 泌尿 肿瘤 皮肤 皮肤病 儿童 妇幼 老年 老年病 精神 中医 中西医 康复 整形 美容 医疗美容 心血管 胃肠 综合 专科 不孕不育".split())
_RAISED = frozenset(("省立", "市立", "县立", "州立", "区立", "立"))
_OF_PLACE = re.compile(        # 航城区(人民): a place of its own, whether the cutter knows it or not
    rf"(?![该本我各全城郊地社小辖街片园景厂库山灾疫病校外多某两几个乡集村农牧林矿送到在从向对与及由给于经往去问来是为把被让])[{_HAN}]{{1,5}}[市县区州旗镇乡村](?:第?[一二三四五六七八九十]+|人民|中心|妇幼|中医|中西医结合|市?立|社区|{_HAN}{{2,4}}社区)?$")
_BETWEEN = frozenset("的了着过在到从向对与和及由给于经往去来是为把被让将送称说就也都又再已曾且而但后前中上下里内外时这那有没不无")    # letters of what joins words, not of names
_HARMONY = frozenset("安养阳盛泰康仁协天太同福祥瑞万人保")      # 养和: 和 is no "and" there
_TRADES = frozenset(           # who sells under a name of their own, which may be any word
    "月子中心 月子会所 产后护理中心 产后康复中心 母婴护理中心 口腔 口腔连锁 口腔门诊 医美 医疗美容 整形医院 美容医院 眼科中心 大药房 体检中心 医学检验所 医学检验实验室 检验所 中医馆 国医馆 "
    "中医堂 护理院 护养院 颐养院 养老院 敬老院 心理咨询中心 医养中心 康养中心 托养中心 精神卫生中心 血透中心 透析中心 血液透析中心 生殖中心 生殖医学中心 药业 制药 生物科技 医疗科技 体外诊断".split())
_TAIL = re.compile(rf"[（(]?[{_HAN}]{{1,6}}?(?:院区|分院|总院)[)）]?")
_AFTER_SHORT = frozenset("士落线制")
_OF_STATES = re.compile(r"(?:国家|中国|美国|英国|法国|德国|日本|韩国|印度|俄罗斯|意大利|加拿大|澳大利亚|欧盟|联合国)$")
_SELF_NAMED = frozenset(("世卫组织", "厚生劳动省", "厚劳省", "保健福祉部", "医管局", "FDA", "fda", "CDC", "cdc"))   # offices there is but one of
_QUARTER = re.compile("[\u4e00-\u9fff]{2}(?:街道|[路镇乡街])(?:办事处|社区|中心)?$")        # 桃源街道社区(卫生服务中心): a place of its own name
_LIVING = re.compile("(?:微|野|古|水|海|海洋|浮游|寄生|转基因|有害|外来|病原|合成|分子)$")     # …生物 that is alive and no company
_ROOMS, _HOUSE = frozenset("眼科 整形 体检 植发".split()), re.compile("[院所]|中心|去|做")        # of a hospital, or what one does there
_UNNAMED_SHOPS = frozenset(("药店", "药房", "药企"))


class Body(NamedTuple):
    start: int
    end: int
    name: str
    kind: str
    named: bool


def bodies(folded: str, ends: Iterable[tuple[int, int, str, str]], title_end: int, company_words: Sequence[str] = ()) -> list[Body]:
    """Bodies in order, not overlapping.  `ends`: (start, end, end word, kind) of the end words found; the longer name wins."""
    found: list[Body] = []
    for start, end, word, kind in ends:
        body = _read_back(folded, start, end, word, kind, title_end, company_words)
        if body is None:
            continue
        while found and body.start <= found[-1].start and found[-1].end <= body.end:
            found.pop()
        if not found or body.start >= found[-1].end:
            found.append(body)
        elif body.end > found[-1].end:
            last = found[-1]
            if last.named and body.named or not last.named:
                found[-1] = Body(last.start, body.end, folded[last.start:body.end], last.kind, True) if last.named else body
    return found


def _read_back(folded: str, start: int, end: int, word: str, kind: str, title_end: int, company_words: Sequence[str]) -> Body | None:
    if kind == GENERIC:
        return Body(start, end, word, GENERIC, False)
    low = max(0, start - _LONGEST, title_end + 1 if start > title_end else 0)
    head = _BEFORE.search(folded, low, start)[0]
    state = _OF_STATES.search(head) if kind == AUTHORITY else None
    if state or word in _SELF_NAMED:
        start -= len(state[0]) if state else 0
        return Body(start, end, folded[start:end], kind, True)
    if kind == COMPANY and (word == "生物" and _LIVING.search(head) or word in _ROOMS and _HOUSE.search(head)):
        return None
    head, sure = _name_head(head)
    short = kind == "short"
    if short:
        if not sure or len(head) > 8 or (end < len(folded) and folded[end] in _AFTER_SHORT):
            return None
        kind = PROVIDER
    named = sure or (len(head) >= 2 and (word in _TRADES or folded.count(head + word) >= 2))
    if kind == COMPANY and not (named and any(w in head or w in word for w in company_words)):
        return Body(start, end, word, COMPANY, False) if word in _UNNAMED_SHOPS else None
    if not named:
        return Body(start, end, word, GENERIC if kind == PROVIDER else kind, False)
    if kind == PROVIDER:
        tail = _TAIL.match(folded, end)
        if tail and not _STOP.search(tail[0]):
            end = tail.end() - (folded[tail.end() - 1] in ")）" and tail[0][0] not in "（(")
    start -= len(head)
    return Body(start, end, folded[start:end], kind, True)


@lru_cache(maxsize=20_000)
def _name_head(head: str) -> tuple[str, bool]:
    """The part of the characters before the end word that belongs to the name, and whether it surely names one body."""
    cuts = [stop.end() for stop in _STOP.finditer(head)]
    head = head[cuts[-1]:] if cuts else head
    words = _in_harmony(tag(head)) if head else []
    begin = 0
    for at, (word, kind) in enumerate(words):
        if _ends_reading(word, kind, at == len(words) - 1 and at > 0 and words[at - 1][1] in ("ns", "nz")):
            begin = at + 1
    words = words[begin:]
    nation = next((at for at, (word, _) in enumerate(words) if word == "国家"), None)
    if nation:
        words = words[nation:]
    while len(words) > 1 and words[0][0] in _COMMON and words[1][1] in ("ns", "nr", "nz", "nt"):
        words = words[1:]
    if words and words[0][1] == "ns" and len(words[0][0]) >= 4 and words[0][0][0] in "从到在问由对向和与及赴去经" and words[0][0][-1] in "省市县区州":
        words[0] = (words[0][0][1:], "ns")
    name = "".join(word for word, _ in words)
    if len(words) == 1 and words[0][1] == "nr" and name.endswith("省") and name[:-1] not in _PROVINCES:
        return "省", True
    name = _PROVINCE_FIRST.sub("", name)
    if not name or all(word in _COMMON or word in _OF_NAMES for word, _ in words):
        return "", False
    if len(words) > 1 and len(words[0][0]) in (2, 3) and words[0][1] == "n" and words[0][0] not in _COMMON and words[1][0] in _SPECIALTIES:
        return name, True                  # 锦屏妇产(医院)
    sure = any(_proper(word, kind) for word, kind in words) or name[0] in "省市县区州" or any(word.startswith("第") and len(word) == 2 for word, _ in words) \
        or name.endswith(("大学", "堂")) or bool(_QUARTER.search(name) or _OF_PLACE.match(name))
    return name, sure


def _proper(word: str, kind: str) -> bool:
    """A word that names one thing, or one that no dictionary has."""
    return word not in _COMMON and (kind in ("ns", "nr", "nz", "nt", "nrt", "nrfg", "x", "eng") or len(word) > 1 and kind[0] in "najli" and not known(word) and _BETWEEN.isdisjoint(word))


def _in_harmony(words: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """养 + 和 as one name."""
    for at in range(len(words) - 1):
        if words[at][0] in _HARMONY and words[at + 1][0] == "和":
            return [*words[:at], (words[at][0] + "和", "nz"), *words[at + 2:]]
    return words


def _ends_reading(word: str, kind: str, after_place: bool) -> bool:
    """Can this word not stand inside a name?"""
    if word in _OF_NAMES or word in _RAISED or word == "堂":
        return False
    if word in _NOT_NAMES or kind in ("l", "i") and known(word):
        return True
    if kind[0] == "v" or kind in ("d", "a", "an", "ad"):     # 西安高新医院: the cutter knows no such name
        return not (after_place and len(word) == 2) if kind[0] in "vd" else False
    if kind[0] in "pcdruyeo" and word != "向阳":
        return True
    if kind == "t":
        return word not in ("中日", "五一", "八一", "春晖")
    if kind == "m":
        return not (word.startswith("第") or (len(word) == 1 and word in "一二三四五六七八九十"))
    return kind == "q"
