"""Pairs of invented articles over all relations, as hostile as the press makes them; same form as the shared set of pairs."""

from __future__ import annotations

import random
from collections.abc import Iterator

from zhconv import convert

from repost_texts import ARTICLES, INTERVIEWS, NOTICES, RELEASES, RETOLD

Doc = dict[str, str]
NAMES = tuple(ARTICLES)
NEW_TITLES = ("不一样的日常，藏着一座城的用心", "暖心！这件小事刷屏了", "他们为什么这样做？看完明白了", "记者蹲点一周，看到了这些变化")
LEADS = ("近日，本地多个社区的居民在业主群里转发了一段视频，大家议论的焦点是：我们这里能不能也这样做？带着这个问题，先来看看别处的经验。",
         "编者按：本报“基层观察”栏目今起陆续推出各地民生故事，欢迎读者提供线索，说说您身边的好做法、好主意。")
SYNONYMS = {                           # what a rewriting machine puts in
    "介绍": "透露", "表示": "称", "已经": "业已", "记者": "笔者", "不到": "不足", "没有": "并未", "可以": "能够", "需要": "须要", "因为": "由于", "如今": "现如今",
    "最难的": "最棘手的", "统计显示": "数据表明", "计划": "打算", "平均": "均", "发现": "察觉", "提醒": "告诫", "推广": "铺开", "刚": "才", "老人": "长者", "孩子": "小孩",
    "减少": "降低", "增加": "增多", "早就": "早已", "家长": "父母", "医生": "大夫", "去年": "上年", "今年": "本年", "每周": "每星期", "晚上": "夜晚", "上午": "早上",
    "居民": "住户", "市民": "百姓", "几个人": "数人", "开始": "起初", "原来": "本来", "准时": "按时", "热闹": "喧闹", "反而": "倒", "承认": "坦承", "说": "讲",
}
LOOKALIKES = {"已": "巳", "未": "末", "日": "曰", "土": "士", "人": "入", "大": "太", "己": "已", "电": "甩", "间": "问", "天": "夫", "年": "午", "市": "巿", "医": "匠"}
CITIES = ("汀州", "柳集", "沅桥", "棠城", "云岫", "丰洲")


def doc(title: str, *paragraphs: str) -> Doc:
    return {"title": title, "text": "\n".join(paragraphs)}


def whole(name: str) -> Doc:
    return doc(ARTICLES[name][0], *ARTICLES[name][1])


def misread(text: str, rng: random.Random) -> str:
    """As a scanner reads it: look-alikes, lines broken in the middle, a stop lost here and there."""
    out = []
    for n, character in enumerate(text):
        if rng.random() < 0.25 and character in LOOKALIKES:
            character = LOOKALIKES[character]
        elif rng.random() < 0.008:
            character = rng.choice("口囗一丨〇")
        out.append(character + ("\n" if n % 31 == 30 else ""))
    return "".join(out)


def rewritten(text: str) -> str:
    for word, other in SYNONYMS.items():
        text = text.replace(word, other)
    return text


def flu(city: str, day: int, seen: int, positive: int, week: int) -> Doc:
    return doc(f"{city}市流感监测情况通报", f"{city}市疾病预防控制中心11月{day}日通报：截至11月{day - 1}日24时，全市哨点医院当日报告流感样病例{seen}例，占门诊就诊总数的{positive / 10:.1f}%，"
               f"较前一日{'上升' if seen % 2 else '下降'}{abs(seen - 300)}例；第{week}周累计报告{seen * 7 + positive}例，检出甲型毒株{positive}份。",
               "专家提醒，保持室内通风，勤洗手，出现发热咳嗽及时就诊，不要带病上课上班。")


def blood(city: str, day: int, a: int, b: int, o: int, ab: int) -> Doc:
    return doc(f"{city}市中心血站今日血液库存", f"{day}日8时，{city}市中心血站悬浮红细胞库存：A型{a}单位，B型{b}单位，O型{o}单位，AB型{ab}单位。血小板库存{a // 9}治疗量，可满足临床{2 + o % 5}天用量。",
               "请符合条件的市民前往就近献血屋，献血前一晚注意休息，避免空腹。")


def heat(city: str, day: int, top: int, cases: int) -> Doc:
    return doc(f"{city}高温中暑事件公共卫生风险提示", f"根据气象条件预测，7月{day}日{city}市最高气温{top}℃，高温中暑气象风险等级较高。前一日全市报告中暑病例{cases}例，其中重症{cases // 6}例。"
               "请户外作业人员调整作息，避开午后时段，备足饮水，出现头晕恶心立即转移到阴凉处。")


def inspection(city: str, batch: int, kinds: int, bad: int) -> Doc:
    return doc(f"{city}市公共场所卫生抽检结果（第{batch}期）", f"{city}市卫生监督所近期抽检住宿、洗浴、美发等公共场所{kinds}家，采集样品{kinds * 4}份，合格{kinds * 4 - bad}份，不合格{bad}份，"
               f"不合格项目为毛巾细菌总数和池水余氯。已对{bad}家单位下达监督意见书，责令限期改正，{bad // 2}家立案查处。")


def hospitals(city: str, *names: str) -> Doc:
    return doc(f"{city}市门诊慢特病定点医疗机构名单公布", f"经评审，确定以下机构为{city}市门诊慢特病定点医疗机构，自下月1日起执行：", *(f"{n}、{city}市{name}" for n, name in enumerate(names, 1)),
               "参保人员凭医保电子凭证就诊，原有备案继续有效。")


def incident(hour: int, hurt: int, badly: int, home: int) -> Doc:
    return doc("官方通报一学校多名学生身体不适", f"11月12日{hour}时，丰洲县卫生健康局通报：县第二中学部分学生就餐后出现腹痛、呕吐，截至目前累计就诊{hurt}人，其中住院观察{badly}人，{home}人经治疗后返家，无危重病例。"
               "市、县疾控机构正在开展流行病学调查，食堂留样已送检，涉事食堂停业，结果将及时公布。")


def clinic_day(hospital: str, street: str, leader: str, doctor: str, resident: str, topic: str) -> Doc:
    return doc(f"{hospital}走进{street}社区开展义诊", f"为方便群众在家门口看病，{hospital}组织专家团队走进{street}社区开展义诊活动。活动由{leader}带队，内科、中医科、康复科等科室医护人员参加。",
               f"现场，医护人员为居民测血压、查血糖，耐心解答大家的疑问，并发放健康手册。{doctor}主任围绕{topic}作了讲解，提醒居民合理膳食、适量运动，定期体检。",
               f"“专家把服务送到楼下，不用排队挂号，真是太好了。”居民{resident}高兴地说。",
               f"下一步，{hospital}将继续把优质医疗资源送到基层，用实际行动守护群众健康，不断提升群众的获得感和满意度。")


def meeting(hospital: str, leader: str, host: str, theme: str) -> Doc:
    return doc(f"{hospital}召开{theme}工作推进会", f"为进一步做好{theme}工作，近日，{hospital}召开专题推进会。{leader}出席会议并讲话，{host}主持会议，各科室负责人参加。",
               f"会议传达了上级文件精神，通报了前一阶段{theme}工作的开展情况，分析了存在的问题和不足。",
               "会议要求，要提高认识，压实责任，把各项任务落到实处；要加强协作，形成合力，做到有部署、有检查、有反馈；要注重实效，及时总结好经验、好做法，确保工作取得成效。",
               f"{leader}强调，全院上下要以此次会议为契机，以更高的标准、更严的要求、更实的作风推动{theme}工作再上新台阶。")


def visit(hospital: str, guest: str, leader: str, field: str) -> Doc:
    return doc(f"{guest}一行到{hospital}参观交流", f"近日，{guest}一行到{hospital}参观交流，{leader}等陪同。来访人员实地察看了门诊大厅、住院病区和{field}，详细了解运行情况。",
               f"座谈会上，{leader}对{guest}一行表示欢迎，介绍了医院的发展历程和{field}的建设成效。双方就人才培养、科室共建、远程会诊等进行了深入交流，一致表示将加强沟通，取长补短，共同提高医疗服务水平。")


def appointed(hospital: str, name: str, born: str, school: str, age: str) -> Doc:
    return doc(f"{hospital}引进学科带头人{name}", f"日前，{hospital}举行聘任仪式，{name}受聘担任该院{born}学科带头人。{name}毕业于{school}，从事{born}临床工作{age}年，擅长疑难病例的诊断和微创治疗，发表论文多篇。",
               f"医院负责人表示，{name}的加盟将进一步提升医院{born}的诊疗水平，让患者在家门口享受到省级专家的服务。{name}表示，将尽快融入团队，带好队伍，不辜负医院的信任。")


PLACES = (("汀州市人民医院", "临溪", "院长钟离", "伍思", "康大妈"), ("柳集市中医医院", "北塔", "副院长季临", "凌飞", "葛大爷"), ("棠城市第二医院", "槐荫", "党委书记祁山", "鲍文", "乔阿姨"),
          ("丰洲县人民医院", "渡口", "院长苗青", "唐舟", "焦师傅"), ("梅岭县妇幼保健院", "桂花", "副院长温岚", "骆平", "易女士"))
THEMES = ("高血压防治", "冬季养生", "儿童口腔保健", "颈椎病预防", "合理用药")
TASKS = ("医疗质量提升", "平安医院建设", "优质护理服务", "厉行节约", "医保基金管理")


def pairs() -> Iterator[dict]:
    """`{"id", "a", "b", "relation", "how"}`, with `ambiguous` where two people may well differ."""
    rng = random.Random(1121)
    for n, name in enumerate(NAMES):
        title, body = ARTICLES[name]
        a, other, third = whole(name), NAMES[(n + 3) % len(NAMES)], NAMES[(n + 5) % len(NAMES)]

        def pair(how: str, relation: str, b: Doc, ambiguous: bool = False, a: Doc = a) -> dict:
            return {"id": f"{name}:{how}", "a": a, "b": b, "relation": relation, "how": how, "ambiguous": ambiguous}

        yield pair("retitled", "repost", doc(NEW_TITLES[n % 4], f"本报讯（记者 成渝 通讯员 顾盼）{body[0]}", *body[1:], "（责任编辑：林一）", NOTICES[n % 2]))
        yield pair("titles that say nothing", "repost", doc("太意外了！谁也没想到", *body), a=doc("看完沉默了，转给更多人", *body))
        yield pair("tail cut", "repost", doc(title.split(" ")[-1], *body[:-2]))
        yield pair("local lead", "repost", doc(NEW_TITLES[(n + 1) % 4], LEADS[n % 2], *body))
        yield pair("traditional", "repost", {"title": convert(title, "zh-hk"), "text": convert("\n".join(body), "zh-hk")})
        yield pair("scanned", "repost", doc(title, misread("".join(body), rng)))
        yield pair("synonyms", "repost", doc(NEW_TITLES[(n + 2) % 4], *map(rewritten, body)))
        yield pair("moved and shortened", "repost", doc(NEW_TITLES[(n + 3) % 4], body[1], body[0], *body[2:-1]))
        yield pair("two paragraphs", "partial_reuse", doc(ARTICLES[other][0], *ARTICLES[other][1][:3], *body[1:3], *ARTICLES[other][1][3:]))
        yield pair("opening alone", "partial_reuse", doc(f"{title.split(' ')[0]}…", body[0], body[1]))
        yield pair("round-up", "partial_reuse", doc("各地民生三则", *body, *ARTICLES[other][1], *ARTICLES[third][1]))
        yield pair("two in one", "repost", doc(f"{title}；{ARTICLES[other][0]}", *body, *ARTICLES[other][1]), ambiguous=True)
        yield pair("told anew", "same_event", doc(RETOLD[name][0], RETOLD[name][1]))
        yield pair("another story", "different", whole(other))
        yield pair("same notice", "boilerplate_only" if n % 2 else "different", doc(ARTICLES[third][0], ARTICLES[third][1][0], *NOTICES), ambiguous=True)
        short, brief = doc(title, body[0][:60] + "。", *NOTICES), doc(ARTICLES[other][0], ARTICLES[other][1][0][:60] + "。", *NOTICES)
        yield {"id": f"{name}:notices", "a": short, "b": brief, "relation": "boilerplate_only", "how": "notices", "ambiguous": False}
    yield from _templates()
    for n, (release, one, two) in enumerate(RELEASES):
        yield {"id": f"release:{n}", "a": doc(one[0], one[1], release, one[2]), "b": doc(two[0], two[1], release, two[2]), "relation": "partial_reuse",
               "how": "one release", "ambiguous": False}
    for n, (title, talk, headline, summary) in enumerate(INTERVIEWS):
        yield {"id": f"interview:{n}", "a": doc(title, talk), "b": doc(headline, summary), "relation": "same_event", "how": "interview", "ambiguous": False}


def _templates() -> Iterator[dict]:
    def pair(id: str, a: Doc, b: Doc, relation: str = "same_template", how: str = "bulletin", ambiguous: bool = False) -> dict:
        return {"id": id, "a": a, "b": b, "relation": relation, "how": how, "ambiguous": ambiguous}

    for n, city in enumerate(CITIES):
        after = CITIES[(n + 1) % len(CITIES)]
        one = flu(city, 8 + n, 311 + 3 * n, 67 + n, 45)
        yield pair(f"flu:{n}:next day", one, flu(city, 9 + n, 326 + 4 * n, 71 + n, 45))
        yield pair(f"flu:{n}:other city", one, flu(after, 8 + n, 290 + 5 * n, 55 + n, 45), how="other place")
        yield pair(f"flu:{n}:reposted", one, doc(f"{city}昨日报告流感样病例{311 + 3 * n}例", *one["text"].split("\n")[:1], "（来源：市疾控中心）"), "repost", "bulletin reposted")
        yield pair(f"blood:{n}", blood(city, 3 + n, 420 + n, 388, 510, 96), blood(city, 4 + n, 402, 371 + n, 498, 90))
        yield pair(f"heat:{n}", heat(city, 11 + n, 38, 24 + n), heat(city, 12 + n, 39, 31 + n))
        yield pair(f"inspection:{n}", inspection(city, 7, 126 + n, 9), inspection(city, 8, 131, 11 + n))
        yield pair(f"incident:{n}", incident(9 + n, 21 + n, 6, 15), incident(14 + n, 37, 9 + n, 28), how="updated")
        yield pair(f"incident:{n}:reposted", incident(9 + n, 21 + n, 6, 15), doc("丰洲通报：无危重病例", incident(9 + n, 21 + n, 6, 15)["text"].replace("丰洲县卫生健康局", "据丰洲县卫健局消息，该局")), "repost", "bulletin reposted")
    for n, (one, two) in enumerate(zip(PLACES, (*PLACES[1:], PLACES[0]))):
        following = (n + 1) % len(PLACES)
        yield pair(f"clinic day:{n}", clinic_day(*one, THEMES[n]), clinic_day(*two, THEMES[following]), how="same words, other names")
        yield pair(f"clinic day again:{n}", clinic_day(*one, THEMES[n]), clinic_day(one[0], two[1], two[2], two[3], two[4], THEMES[following]), how="same hospital, other day")
        yield pair(f"clinic day reposted:{n}", clinic_day(*one, THEMES[n]), doc(f"{one[1]}社区来了医生", clinic_day(*one, THEMES[n])["text"].split("下一步")[0]), "repost", "piece of a template reposted")
        yield pair(f"meeting:{n}", meeting(one[0], one[2], one[3], TASKS[n]), meeting(two[0], two[2], two[3], TASKS[n]), how="same words, other names")
        yield pair(f"meeting again:{n}", meeting(one[0], one[2], one[3], TASKS[n]), meeting(one[0], one[2], one[3], TASKS[following]), how="same hospital, other theme")
        yield pair(f"visit:{n}", visit(one[0], "临江县卫生健康局", one[2], "检验中心"), visit(two[0], "白石县人民医院", two[2], "影像中心"), how="same words, other names")
        yield pair(f"appointed:{n}", appointed(one[0], one[3], "心内科", "省医学院", "二十"), appointed(two[0], two[3], "骨科", "同江医科大学", "十六"), how="same words, other names")
    named = ("人民医院", "中医医院", "第二医院", "妇幼保健院", "城东社区卫生服务中心", "河口镇卫生院")
    for n, city in enumerate(CITIES[:4]):
        yield pair(f"list:{n}:other city", hospitals(city, *named), hospitals(CITIES[n + 1], *named[:4], "南门社区卫生服务中心", "石桥镇卫生院"), how="list of another city")
        yield pair(f"list:{n}:one changed", hospitals(city, *named), hospitals(city, *named[:n + 1], "康复医院", *named[n + 2:]), how="list, one changed", ambiguous=True)
