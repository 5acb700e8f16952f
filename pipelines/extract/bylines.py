"""Who wrote, took, sent in and edited: the people and units of the lines around and at the edges of the body.

Shapes (domain notes, section 5): `（记者 张三 通讯员 李四 王五）`, `本报记者 张三`, `图文/张三`, `□ 张三`, `张三 摄`,
`（××县人民医院供稿）`, `作者：`, `责编：`, `一审：`.  Names are 2–4 Han, `·` in minority names; two-character names may be
printed with a full-width gap.
"""

from __future__ import annotations

import re

from model.article import Dateline, Person
from pipelines.extract.body import Body
from pipelines.extract.document import Document

_HAN = "\u4e00-\u9fff"
_ROLES: tuple[tuple[str, str], ...] = (
    ("correspondent", r"(?:特约|职工|实习|本报|本台)?(?:通讯员|通訊員|信息员)"),
    ("photographer", r"摄影记者|攝影記者|摄影报道|摄影|攝影|供图|图片|图|拍摄|摄像"),
    ("reviewer", r"[一二三四终初复]审(?:校)?|审核人?|审校|校对|校對|监制|總監製|总监制|签发|审稿|复核|值班(?:编委|总编|主任)|总编辑?|值班领导|核稿"),
    ("editor", r"责任编辑|責任編輯|责任编缉|本文编辑|网络编辑|新媒体编辑|值班编辑|见习编辑|实习编辑|文字编辑|图文编辑|美术编辑|视觉编辑|栏目编辑|编辑整理|责编|責編|编\s{0,4}辑|編\s{0,4}輯|主编|值班主编|美编|编审|编导|编校"),
    ("contributor", r"供稿(?:单位|人|部门)?|来稿|投稿|稿件提供|报送单位|供稿者"),
    ("author", r"作\s{0,4}者|撰\s{0,2}文|撰稿人?|执笔|文字|文|采写|采编|记录整理|整理|评论员|評論員|撰写|编译|綜合報導"),
    ("reporter", r"(?:(?:本报|本台|本网|本刊|本社|记者站)?(?:特约|全媒体?|融媒体?|见习|实习|首席|特派|派驻|视频|文字|高级|资深|主任|要闻|健康|卫生)?(?:采访|文字|视频|图文)?)(?:记\s{0,4}者|記者)"),
)
_ROLE = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _ROLES))
_NAME = re.compile(rf"[{_HAN}]{{1,6}}(?:[·•・][{_HAN}]{{1,8}}){{1,3}}|[{_HAN}]\s?[\u3000 ]{{1,3}}[{_HAN}](?![{_HAN}])|[{_HAN}]{{2,4}}(?![{_HAN}])")
_GAP = re.compile(rf"(?<![{_HAN}])([{_HAN}])[\u3000 ]{{1,4}}([{_HAN}])(?![{_HAN}])")
_SPLIT = re.compile(r"[\s\u3000、，,;；/／|｜\x1f&]+|(?<=[\u4e00-\u9fff])和(?=[\u4e00-\u9fff]{2,3}$)")
_ORG = re.compile(r"(?:医院|卫生院|卫健[委局]|卫生局|委员会|委|局|中心|科|部|支部|党支部|办公室|宣传[科部处]|学院|大学|中学|小学|学校|公司|集团|街道|镇|乡|村|社区|县|区|市|省|院|站|所|会|社|报|网|台|队|厂|处|厅)$")
_NOT_NAME = re.compile(
    r"^(?:记者|通讯员|本报|本台|本网|编辑|作者|来源|摄影|报道|消息|整理|综合|电|讯|文|图|供稿|文图|图文|摄|获悉|从|在|日前|近日|日电|专电|综述|实习|见习|责任|网络|整合|编译|"
    r"了解|介绍|看到|表示|采访|发现|注意|走进|来到|手记|调查|观察|发自|报导|现场|连线|直击|提问|问|说|称|今天|昨天|昨日|今日|他|她|我|我们|他们|摘编|编写|采写|见证|目睹|"
    r"组|团队|协会|证|节|站|会|们|部|朋友|同志|先生|女士|医生|护士|主任|院长|书记|局长|市长|省长|县长|教授|专家|供图|制图|绘图|视觉|资料|资料图|全国|北京|上海|无|暂无|未知|佚名|管理员|系统管理员|本站|原创|首席|高级|特约)$")
_STARTS = re.compile(r"^(?:从|在|获悉|了解|日前|近日|今天|昨|走|来到|采访|看|发现|就|与|对|向|随|注意|通过|表示|称|说|问|见|跟|到|于|由|曾|也|还|又|将|为|以|被|把|一|两|多|这|那|该|此|其|有|没|是|不)")
_PAREN = re.compile(r"[（(【\[]([^（()）】\]\n]{2,80})[）)】\]]")
_DATELINE = re.compile(
    rf"^[\s\u3000【\[（(“]{{0,4}}(?P<whole>(?P<wire>据)?(?P<agency>新华社|中新社|中新网|中国新闻社|人民网|央广网|央视网|新华网|光明网|中国网|中国青年网|中国新闻网|法新社|路透社|美联社|塔斯社|共同社|[{_HAN}]{{2,8}}(?:社|网|報|报|台|客户端|新闻|记者))?"
    rf"(?P<place>[{_HAN}]{{2,12}}?)?(?P<day>(?:\d{{1,2}}月)?\d{{1,2}}日)(?P<kind>电|電|讯|訊|消息|专电))")
_OWN = re.compile(rf"^[\s\u3000【\[（(]{{0,4}}(?P<text>本(?P<what>报|台|网|站|刊|社)(?P<place>[{_HAN}]{{0,8}}?)(?P<day>(?:\d{{1,2}}月)?\d{{1,2}}日)?(?:讯|訊|消息|综合消息|综合报道))")
_ORIGINAL = re.compile(r"[（(【\[]?\s{0,2}(?:原标题|原標題|原题(?:为|目)?|原標題為|标题原为)\s{0,2}[:：为]?\s{0,2}[《“\"]?([^\n]{3,120}?)[》”\"]?\s{0,2}[）)】\]]?\s{0,3}$")
_FROM = re.compile(r"(?:转自|转载自|转载于|摘自|选自|轉自|原载于?|原文(?:刊|载)于)\s{0,3}[:：]?\s{0,3}[《“]?([^\s，。；,;）)》”]{2,24})")
_WIRE = re.compile(rf"^[\s\u3000]{{0,4}}据(?P<who>[《“]?[{_HAN}A-Za-z·]{{2,16}}?[》”]?)(?:[{_HAN}]{{0,6}}?(?:\d{{1,2}}月)?\d{{0,2}}日?)?(?:电|電|报道|消息|讯|報導|微信公众号|官方微博)")


def names(text: str) -> list[str]:
    """The personal names of a list such as `张　三、李四 王五`."""
    text = _GAP.sub(r"\1\2", text)
    out: list[str] = []
    for piece in _SPLIT.split(text):
        piece = piece.strip("：:。.（）()【】[]<>《》“”\"'*-—~…!！ \t_\u3000")
        piece = re.sub(r"_[A-Z]{1,3}\d{1,6}$|[A-Z]{1,3}\d{2,6}$", "", piece)
        piece = re.sub(r"(?:等|摄|文|图|报道|整合|整理|综合|编译|摄影|文图|图文|/文)$", "", piece) if len(piece) > 2 else piece
        if _is_name(piece) and piece not in out:
            out.append(piece)
    return out


def _is_name(piece: str) -> bool:
    if not piece or _NOT_NAME.match(piece):
        return False
    if re.fullmatch(rf"[{_HAN}]{{1,8}}(?:[·•・][{_HAN}]{{1,8}}){{1,3}}", piece):
        return True
    return bool(re.fullmatch(rf"[{_HAN}]{{2,4}}", piece)) and not _ORG.search(piece[-1:] if len(piece) < 4 else piece) or bool(
        re.fullmatch(rf"[{_HAN}]{{2,3}}", piece) and not re.search(r"[医局委院部厅处省县镇乡]$|报$|网$|社$|台$", piece))


def parse(text: str, free: bool = False) -> list[Person]:
    """The people of one byline; `free` also takes what stands under 作者： though it is no Chinese name."""
    found = list(_ROLE.finditer(text))
    out: list[Person] = []
    for k, role in enumerate(found):
        kind = str(role.lastgroup)
        stop = found[k + 1].start() if k + 1 < len(found) else len(text)
        rest = text[role.end():stop]
        if rest[:1] in "证节站会们站席团" or (role.group() in ("文", "图", "文字", "图片", "整理") and not re.match(r"[\s\u3000]{0,2}[/／:：|｜丨]", rest)):
            continue
        rest = re.sub(r"^[\s\u3000]{0,3}[:：/／|｜丨]?[\s\u3000]{0,3}", "", rest)
        rest = re.split(r"[。！？\n]", rest, maxsplit=1)[0]
        out += _people(rest, kind, free)
    return out


def _people(rest: str, kind: str, free: bool) -> list[Person]:
    unit = ""
    inner = re.search(r"[（(]([^（()）]{2,30})[）)]", rest)
    if inner:
        rest = rest.replace(inner.group(), " ")
        unit = inner.group(1).strip() if _ORG.search(inner.group(1).strip()) else ""
    rest = _GAP.sub(r"\1\2", rest)
    out: list[Person] = []
    pending = unit
    for piece in _SPLIT.split(rest):
        piece = piece.strip("：:。.（）()【】[]<>《》“”\"'*-—~…!！ \t\u3000")
        piece = re.sub(r"_[A-Z]{1,3}\d{1,6}$|(?<=[\u4e00-\u9fff])[A-Z]{1,3}\d{2,6}$", "", piece)
        if len(piece) > 2:
            piece = re.sub(r"(?:等|摄影|摄|报道|整合|整理|编译|文图|图文|/文)$", "", piece)
        if not piece or _NOT_NAME.match(piece):
            continue
        if _is_name(piece):
            out.append(Person(piece, kind, pending))
        elif _ORG.search(piece) and re.fullmatch(rf"[{_HAN}]{{3,24}}", piece):
            pending = piece
            if kind == "contributor":
                out.append(Person(piece, kind, piece))
        elif free and 2 <= len(piece) <= 20 and not re.search(r"[，。！？:：]|http|\d{4}", piece):
            out.append(Person(piece, kind, pending))
        elif not free:
            break
    return out


def is_byline(line: str) -> bool:
    """A line that holds nothing but credits: `□ 本报记者 张三`, `（责编：李四）`, `来源：健康报`."""
    text = line.strip(" \u3000\t")
    if len(text) > 70 or not text:
        return False
    bare = text.strip("（）()【】[]□■◎●▲*- \u3000")
    if re.match(r"(?:本文)?(?:来源|稿源|來源|文章来源|信息来源)\s?[:：]", bare) and len(bare) < 60:
        return True
    found = _ROLE.search(bare)
    if found is None or re.search(r"[，。！？；“”]", bare.rstrip("。")):
        return False
    before = bare[:found.start()]
    labelled = re.match(r"[\s\u3000]{0,2}[:：/／|｜]", bare[found.end():])
    if len(before) > 14 and not labelled:
        return False
    rest = bare[found.end():]
    return bool(names(rest)) and not re.search(r"(?:获悉|了解到|从|在|日前|近日|发现|报道说|表示|看到)", rest) or bool(labelled and len(bare) < 50) or (
        not rest.strip(" ：:") and len(bare) <= 12 and found.lastgroup in ("reporter", "correspondent"))


def collect(doc: Document, body: Body, title_at: int, lines: list[str]) -> tuple[list[Person], list[str]]:
    """(people, where each was read): head lines, dateline brackets, signature lines, tail lines; `lines` the body's lines."""
    people: list[Person] = []
    origins: list[str] = []

    def add(found: list[Person], origin: str) -> None:
        for person in found:
            if any(p.name == person.name and p.role == person.role for p in people):
                continue
            people.append(person)
            origins.append(origin)

    start = body.blocks[0].start if body.blocks else 0
    low = title_at if 0 <= title_at < start + 200 else max(0, start - 500)
    low = max(0, doc.text.rfind("\n", 0, max(0, low - 100)) + 1)
    for line in doc.parted(low, start).split("\n"):
        if len(line) > 160:
            continue
        add(_labelled(line), "text:标题下")
        found = re.fullmatch(rf"\s*([{_HAN}]{{2,4}}(?:[、 ][{_HAN}]{{2,4}}){{0,3}})\s?[/／]\s?[{_HAN}A-Za-z]{{2,16}}\s*", line.replace("\x1f", ""))
        if found:
            add([Person(n, "author") for n in names(found.group(1))], "text:作者/媒体")
    for k, line in enumerate(lines):
        edge = k < 4 or k >= len(lines) - 5
        if k < 3 or k == len(lines) - 1:
            for inner in _PAREN.findall(line[:160] if k < 3 else line[-160:]):
                if _ROLE.search(inner):
                    add(parse(inner), "text:括注")
        if edge and len(line) < 90:
            if is_byline(line):
                add(parse(line, free=bool(re.search("[:：/／]", line))), "text:署名行")
            if k >= len(lines) - 5:
                for inner in _PAREN.findall(line):
                    if _ROLE.search(inner):
                        add(parse(inner), "text:文末括注")
        if k >= len(lines) - 4:
            add(_signed(line), "text:文末署名")
            add(_shot(line), "text:摄")
        elif len(line) < 120:
            add(_shot(line), "text:摄")
    tail_end = min(len(doc.text), body.end + 260)
    for line in doc.parted(body.end, tail_end).split("\n")[:8]:
        if len(line) < 120:
            add(_labelled(line), "text:文末")
    return people, origins


def _labelled(line: str) -> list[Person]:
    """`作者：张三 责编：李四`: a role, a mark, names.  A role without its mark counts only when names follow at once."""
    flat = line.replace("\x1f", " ")
    if not _ROLE.search(flat):
        return []
    out: list[Person] = []
    found = list(_ROLE.finditer(flat))
    for k, role in enumerate(found):
        stop = found[k + 1].start() if k + 1 < len(found) else len(flat)
        rest = flat[role.end():stop]
        marked = re.match(r"\s{0,3}[:：/／|｜丨]", rest)
        kind = str(role.lastgroup)
        if role.group() in ("文", "图", "图片", "文字", "整理", "摄影") and not marked:
            continue
        rest = re.sub(r"^\s{0,3}[:：/／|｜丨]?\s{0,3}", "", rest)
        rest = re.split(r"[|｜。]|(?:时间|日期|来源|發布|发布|字号|浏览|点击|阅读|评论|分享|更新)|(?:19|20)\d\d", rest, maxsplit=1)[0].rstrip(" （([【")
        if len(rest) > 60:
            continue
        out += _people(rest, kind, free=bool(marked))
    return out


def _signed(line: str) -> list[Person]:
    """`……。（张巨峰）` or a line `（袁源）`: names alone in the last bracket."""
    found = re.search(r"[（(]([^（()）]{2,24})[）)][\s\u3000]{0,4}$", line)
    if not found or _ROLE.search(found.group(1)) or re.search(r"[\d，。:：]", found.group(1)):
        return []
    if found.start() > 0 and line[:found.start()].rstrip()[-1:] not in "。！？”…!?.":
        return []
    inner = _GAP.sub(r"\1\2", found.group(1))
    pieces = [p for p in _SPLIT.split(inner) if p]
    if pieces and len(pieces) <= 4 and all(_is_name(p) and len(p) <= 4 for p in pieces) and not re.search(r"^(?:完|未完|待续|连载|上|下|略|图)", inner):
        return [Person(p, "author") for p in pieces]
    return []


def _shot(line: str) -> list[Person]:
    """`张三 摄`, `（刘通摄）`, `新华社记者 李四 摄`."""
    found = re.search(rf"([{_HAN}·]{{2,6}}(?:[\s\u3000、]{{1,2}}[{_HAN}·]{{2,6}}){{0,2}})[\s\u3000]{{0,3}}(?:摄影?|攝影?)[\s\u3000]{{0,2}}[）)。]?[\s\u3000]{{0,3}}$", line)
    if not found:
        return []
    text = re.sub(r"^.*(?:记者|通讯员)", "", found.group(1)).strip()
    return [Person(n, "photographer") for n in names(text) if len(n) <= 4 or "·" in n]


def dateline(lines: list[str]) -> Dateline | None:
    """电头 of the first lines: `新华社武汉2月19日电` or `本报讯`."""
    for line in lines[:3]:
        found = _OWN.match(line[:60])
        if found:
            return Dateline(found.group("text"), "本" + found.group("what"), found.group("place") or "", found.group("day") or "", True)
        found = _DATELINE.match(line[:60])
        if found and (found.group("agency") or found.group("kind") in ("电", "電", "专电", "讯", "訊", "消息")):
            return Dateline(found.group("whole"), found.group("agency") or "", found.group("place") or "", found.group("day"), False)
        found = re.match(r"[\s\u3000]{0,4}据(新华社|中新社|人民日报|中新网|央视新闻)([\u4e00-\u9fff]{0,8}?)((?:\d{1,2}月)?\d{1,2}日)?电", line[:60])
        if found:
            return Dateline(found.group().strip(), found.group(1), found.group(2), found.group(3) or "", False)
    return None


def original_title(lines: list[str]) -> str:
    for line in lines:
        found = _ORIGINAL.search(line.strip()) if len(line) < 200 and ("原标题" in line or "原題" in line or "原题" in line or "原標題" in line) else None
        if found:
            return found.group(1).strip(" 《》“”\u3000）)")
    return ""


def reposted_from(lines: list[str]) -> str:
    """转自…, 据…电: the outlet named, "" when none."""
    for k, line in enumerate(lines):
        if k < 3 or k >= len(lines) - 4:
            found = _FROM.search(line) if len(line) < 160 else None
            if found:
                return found.group(1).strip("《》“”：: \u3000")
    for line in lines[:2]:
        found = _WIRE.match(line[:60])
        if found and not re.match(r"(?:了解|介绍|悉|统计|报|此|不完全|该|他|她|记者)", found.group("who")):
            return found.group("who").strip("《》“”")
    return ""
