"""The grammar of one credit: a role word, its mark, and the people and units that follow (or stand before it)."""

from __future__ import annotations

import re

from model.article import Person
from pipelines.extract.names import HAN, has_surname, is_name, is_unit, names, pieces

_ROLES: tuple[tuple[str, str], ...] = (
    ("correspondent", r"(?:特约|职工|实习|本报|本台)?(?:通讯员|通訊員|信息员|宣传员)"),
    ("photographer", r"摄影记者|攝影記者|摄影报道|攝影報導|摄影|攝影|供图|摄像|(?:图片(?:提供|来源)?|(?<![\u4e00-\u9fff])[图圖]|拍摄)(?=[ \u3000\x1f]{0,4}[:：/／|｜])"),
    ("reviewer", r"[一二三四终初复]\s{0,2}[审審](?:校)?|审核人?|審核|审校|校对|校對|总监制|监制|签发|审稿|复核|值班(?:编委|总编|主任|领导)|总编辑|核稿"),
    ("editor", r"责任编辑|責任編輯|本文编辑|网络编辑|新媒体编辑|值班编辑|见习编辑|实习编辑|文字编辑|图文编辑|美术编辑|视觉编辑|栏目编辑|责\s{0,4}编|責\s{0,4}編|编\s{0,4}辑|編\s{0,4}輯|值班主编|"
               r"主\s{0,2}编|美编|编审|编导"),
    ("contributor", r"供\s{0,2}稿(?:单位|人|部门|者)?|来稿(?:单位)?|投稿人?|稿件提供|报送单位"),
    ("author", r"作\s{0,4}者|撰\s{0,2}文|撰稿人?|执\s{0,2}笔人?|(?:[图圖]\s?[/、]?\s?文|文\s?[/、]?\s?[图圖]|文字|(?<![\u4e00-\u9fff])文|编译|編譯|"
               r"整理)(?=[ \u3000\x1f]{0,4}[:：/／|｜])|文/图|图/文|采写|採訪|采编|本报评论员|评论员|評論員|撰写"),
    ("reporter", r"(?:本报|本台|本网|本刊|本社|记者站)?(?:特约|全媒体?|融媒体?|见习|实习|首席|特派|派驻|高级|资深|主任|要闻|健康|卫生)?(?:采访|文字|视频|图文)?(?:记\s{0,4}者|記者|实习生)"),
)
ROLE = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _ROLES))
MARK = re.compile(r"[ \u3000\x1f]{0,4}[:：/／|｜丨∣]")
_SHORT_ROLE = ("文", "图", "圖", "文字", "图片", "整理", "摄影", "图文", "文图", "编译", "拍摄", "校对", "主编")
_AFTER = re.compile(r"证|节|站|席|团|们|协会|招待|问|说|提问|手记|调查|观察|从|在|获悉|了解|采访|看到|发现|注意|走进|来到|就|对|与|今天|昨|日前|近日|\d")
_STOP = re.compile(r"[|｜。！？\n]|(?:时间|日期|来源|來源|发布|發布|字号|字体|浏览|点击|阅读|评论|分享|更新|打印|收藏|关注|电话|邮箱|稿源|版权|责编|未经|人气|"
                   r"出自|选自|摘自|http)|(?:19|20)\d\d[年./-]")
_BRACKET = re.compile(r"[（(]([^（()）\n]{2,40})[）)]")
_PRESS = re.compile(r"出版社$|专栏$|官网$|杂志社?$|编辑部$")
# `张三 上海报道`, `张三 发自上海`: from where, in a list of names
_FROM = re.compile(rf"(?:[\s\u3000]+([{HAN}]{{2,8}}?)[\s\u3000]{{0,2}}(?:综合|綜合|专|專)?(?:报道|報導|报导|[电電])|"
                   rf"[\s\u3000]*发自[{HAN}]{{2,8}})[\s\u3000。]{{0,2}}$")
# `张三/文 受访者供图`: the slash gives the names before it their part
_PART = re.compile(r"[/／]\s?(?:文\s?[/、]?\s?[图圖摄]|[图圖]\s?[/、]?\s?文|文|[图圖]|摄|攝|摄影)(?=$|[\s\u3000、，,）)]|受访|本人|视觉|资料|通讯员|记者)")
# `張三台北21日電`, `陳大文青林報導`: the name runs into a place of two characters
_PLACED = re.compile(rf"^([ \u3000]*[{HAN}]{{2,3}})[{HAN}]{{2}}(?:(?:\d{{1,2}}月)?\d{{1,2}}日(?:綜合|综合|专|專)?[电電].*|報導|报道|报导)$")
_BEFORE = re.compile(rf"(?:^|[\s\u3000（(：:、，。；▲△●])((?:[{HAN}·]{{1,4}}[\s\u3000、]{{1,3}}){{0,3}}[{HAN}·]{{2,7}})[\s\u3000/／]{{0,3}}(文\s"
                     rf"?[/、并]?\s?[图摄]|图\s?[/、]?\s?文|摄影报道|摄影|攝影|摄|攝|文|图|供图)[\s\u3000]{{0,2}}[）)。]?[\s\u3000]{{0,3}}$")
_OPENED = ("(", "（", "▲", "△", "●", ":", "：")
MEDIA = re.compile(r"(?:报|報|网|網|社|台|臺|新闻|新聞|财经|日报|晚报|客户端|频道|在线|发布|观察|视频|编辑部|号)$")
_SENT = re.compile(rf"([{HAN}（）()、 \u3000]{{3,40}}?)[\s\u3000]{{0,2}}供稿(?=$|[\s\u3000）)】。|])")


def parse(text: str, sure: bool = False) -> list[Person]:
    """The people credited in a bracket or line.  `sure`: the text is nothing but credits, so names of unknown family count."""
    found = list(ROLE.finditer(text))
    out: list[Person] = []
    for k, role in enumerate(found):
        word = re.sub(r"\s", "", role.group())
        stop = found[k + 1].start() if k + 1 < len(found) else len(text)
        rest = text[role.end():stop]
        mark = MARK.match(rest)
        rest = rest[mark.end():] if mark else rest
        if not mark and (
            word in _SHORT_ROLE
            and not (sure and rest[:1] in (" ", "\u3000"))
            or _AFTER.match(rest.lstrip(" \u3000\x1f"))
            or rest[:1] in "，。,;；"
        ):
            continue
        rest = _STOP.split(rest, maxsplit=1)[0]
        if len(rest) > 90:
            continue
        kind = str(role.lastgroup)
        if (
            k + 1 < len(found)
            and found[k + 1].lastgroup in ("reporter", "author", "correspondent")
            and rest
            and rest[-1] not in " \u3000\x1f、，,/／|；;"
            and not is_name(rest.strip(" \u3000\x1f"), True)
        ):
            continue                       # `采写：南都记者 张三`, `文/青林网专栏作者 张三`: the word before 记者 is the paper
        out += people(rest, kind, free=mark is not None, strict=not mark and not sure)
    return out


def people(rest: str, kind: str, free: bool = False, strict: bool = False) -> list[Person]:
    """`县人民医院 王五、李四（县疾控中心）` → people with their units; `free` takes a pen name or a body as it stands."""
    rest = _PART.sub(" ", _unplaced(_PLACED.sub(r"\1", rest)))
    brackets = list(_BRACKET.finditer(rest))
    if len(brackets) > 1 and all(is_unit(b.group(1).strip()) for b in brackets):      # `张三（县医院）、李四（县疾控中心）`
        ends = [0, *(b.end() for b in brackets[:-1]), len(rest)]
        return [person for low, high in zip(ends, ends[1:]) for person in people(rest[low:high].lstrip("、，, \u3000"), kind, free, strict)]
    unit = ""
    bracket = brackets[0] if brackets else None
    if bracket:
        inner = bracket.group(1).strip()
        rest = rest.replace(bracket.group(), " ")
        unit = inner if is_unit(inner) else ""
        if not unit and names(inner, True) and free:
            rest += " " + inner
    out: list[Person] = []
    held, pending = pieces(rest), unit
    if free and any(len(p) > 5 and re.fullmatch(rf"[{HAN}？?]+", p) and not is_unit(p) for p in held[1:]):
        free, strict = False, True                 # a sentence, not a list
    for k, piece in enumerate(held):
        if re.search(r"(?:报道|報導|报导|讯)$", piece) or kind in ("author", "reporter", "editor") and _PRESS.search(piece):
            continue
        following = next((p for p in held[k + 1:k + 2]), "")
        if is_name(piece, strict) and not (free and is_unit(piece) and following and has_surname(following)):
            out.append(Person(piece, kind, pending))
            continue
        if is_unit(piece) or (free and len(piece) >= 4 and following and is_name(following, True)):
            pending = piece
            if (
                kind == "contributor"
                or free
                and not following
                and kind in ("author", "correspondent", "photographer", "editor", "reporter")
            ):
                out.append(Person(piece, kind, piece))
            continue
        if free and 2 <= len(piece) <= 20 and _pen_name(piece):
            out.append(Person(piece, kind, pending))
        elif not free:
            break
    return out


def _unplaced(listed: str) -> str:
    """A list of names without the place at its end, unless what stands there is a name (`张三 李四报道`)."""
    found = _FROM.search(listed)
    return listed[:found.start()] if found and not (found.group(1) and is_name(found.group(1), True)) else listed


def _pen_name(piece: str) -> bool:
    if re.search(r"[，。！？:：@]|http|\d{3,}|责任|编辑|作者|记者", piece):
        return False
    return (
        bool(re.search(rf"[{HAN}A-Za-z]", piece))
        and not re.fullmatch(r"[A-Z]{1,4}\d*", piece)
        and is_name(piece)
        or bool(
            re.fullmatch(rf"[{HAN}A-Za-z0-9 ._·-]{{3,20}}", piece)
            and re.search(rf"[{HAN}]|[A-Za-z]{{3}}", piece)
            and not re.match(r"(?:本[报站网台]|未知|佚名|暂无|管理员|系统管理员|admin|null|none|undefined)$", piece, re.I)
        )
    )


def before(text: str) -> list[Person]:
    """Names before the role: `张三 文/图`, `（刘通摄）`, `××县人民医院供稿`."""
    out: list[Person] = []
    found = _BEFORE.search(text[-80:])
    if found:
        kinds = {
            "文": ("author",),
            "摄": ("photographer",),
            "攝": ("photographer",),
            "摄影": ("photographer",),
            "攝影": ("photographer",),
            "图": ("photographer",),
            "供图": ("photographer",),
        }
        roles = kinds.get(found.group(2), ("author", "photographer"))
        listed = re.sub(r"^.*?(?:记者|通讯员|記者)", "", found.group(1))
        mark = text[-80:][max(0, found.start(1) - 1):found.start(1)]
        if found.group(2) in ("文", "图") and found.end(1) == found.start(2) and mark not in _OPENED:
            listed = ""                    # 广告软文, 余下全文: words, no signature; `张三 文`, `张三/文`, `（张三文）` are
        for name in names(listed, strict=True):
            out += [Person(name, role) for role in roles]
    for sent in _SENT.finditer(text[-120:]):
        for piece in pieces(re.sub(r"^.*[（(]", "", sent.group(1))):
            if is_unit(piece):
                out.append(Person(piece, "contributor", piece))
            elif is_name(piece, True):
                out.append(Person(piece, "contributor"))
    return out


def signed(line: str) -> list[Person]:
    """`……。（张巨峰）` or a whole line `（袁源）`, `（县人民医院 蓝英）`: nothing but names in the last bracket."""
    found = re.search(r"[（(]([^（()）]{2,34})[）)][\s\u3000]{0,4}$", line)
    if not found or ROLE.search(found.group(1)) or re.search(r"[\d，。:：]", found.group(1)):
        return []
    if line[:found.start()].strip(" \u3000") and line[:found.start()].rstrip(" \u3000")[-1:] not in "。！？”…!?.」":
        return []
    held = pieces(_unplaced(found.group(1)))       # `（张三 上海报道）`
    if 1 <= len(held) <= 4 and all(is_name(p, True) for p in held) and not re.match(r"完|未完|待续|连载|略|图", found.group(1)):
        return [Person(p, "author") for p in held]
    if 2 <= len(held) <= 5 and is_unit(held[0]) and all(is_name(p, True) for p in held[1:]):
        return [Person(p, "author" if MEDIA.search(held[0]) else "contributor", held[0]) for p in held[1:]]
    return []


def unit_signed(line: str) -> list[Person]:
    """`市妇幼保健院产一病区 吴潇璇` as a line of its own: a unit, then its people."""
    if len(line) > 40 or re.search(r"[，。！？；：:、“”（）()\d]", line):
        return []
    held = pieces(line)
    if 2 <= len(held) <= 4 and is_unit(held[0]) and len(held[0]) >= 4 and all(is_name(p, True) and len(p) <= 4 for p in held[1:]):
        return [Person(p, "contributor", held[0]) for p in held[1:]]
    return []


def is_credit(line: str) -> bool:
    """A line that holds nothing but credits: `□ 本报记者 张三`, `（责编：李四）`, `来源：健康报`."""
    text = line.strip(" \u3000\t")
    if not text or len(text) > 90:
        return False
    bare = text.strip("（）()【】[]□■◎●▲*-—·◆ \u3000")
    if re.match(r"(?:本文|文章|信息|稿件|资料|图文|内容)?(?:来源|來源|稿源|转自|转载自)\s{0,3}[:：丨｜|]", bare) and len(bare) < 60:
        return True
    if len(bare) < 60 and re.match(r"(?:本文)?(?:综合整理|综合编译|综合|编译|整理|摘编|摘)自\s?[:：]?.{2,50}$|资料来源\s?[:：].{2,50}$|综合[^。]{2,40}(?:报道|消息|整理)$|"
                                   r"[\u4e00-\u9fff]{2,10}[／/](?:綜合|[\u4e00-\u9fff]{2,4})(?:報導|报导|报道)$", bare):
        return True
    if "；" in bare and ROLE.match(bare) and len(ROLE.findall(bare)) > 1:
        bare = bare.replace("；", " ")           # `记者：张三；编辑：李四`
    if re.search(r"[，。！？；“”]", bare.rstrip("。")):
        return False
    if len(bare) < 50 and _SENT.fullmatch(bare):
        return True
    found = ROLE.search(bare)
    if found is None:
        return bool(unit_signed(bare)) or text[0] in "□■◎" and bool(names(bare, True)) and len(names(bare, True)) == len(pieces(bare)) 
    marked = MARK.match(bare[found.end():])
    lead = bare[:found.start()]
    if marked:
        return len(lead) <= 14 and len(bare) < 90
    if len(lead) > 14 or re.sub(r"\s", "", found.group()) in _SHORT_ROLE:
        return bool(before(bare)) and len(bare) < 40
    rest = bare[found.end():].strip(" \u3000")
    if not rest:
        return len(bare) <= 14 and found.lastgroup in ("reporter", "correspondent", "author")
    return (
        bool(parse(bare, sure=True)) and not _AFTER.match(rest) and sum(len(p) for p in pieces(ROLE.sub(" ", bare[found.start() :]))) <= 40
    )
