"""来源: the outlet the page itself names, as printed, whitespace made plain."""

from __future__ import annotations

import re

from pipelines.extract.body import Body
from pipelines.extract.candidates import Candidate
from pipelines.extract.document import Document
from pipelines.extract.names import is_name
from pipelines.extract.moments import ENGLISH, WHEN

_LABEL = re.compile(r"(?:(?:信息|文章|本文|稿件|新闻|资料|内容|图文|消息)?(?:来源|來源|来 源|来　源|稿源|出处|出處)(?:于|自)?|(?:本文|文章|稿件)(?:转载)?(?:来自|"
                    r"转自))[ \u3000\x1f]{0,4}[:：\x1f][ \u3000\x1f]{0,6}|来源(?=[A-Za-z\x1f])\x1f?")
_END = re.compile(r"[\x1f\n|｜]|\s{2,}|\u3000|(?<=[\u4e00-\u9fff）)》”]) (?=[\u4e00-\u9fff])|[；;]|(?:作者|记者|编辑|责编|责任编辑|字号|字体|供稿|通讯员|摄影|撰稿|审核|"
                  r"校对)[ \u3000]{0,2}[:：]?|(?:发布|发稿|更新|点击|浏览|阅读|评论|访问|分享|打印)(?:时间|次数|数|量|日期|到|至|[:：])|(?:时间|日期)[:：]|"
                  r"(?:19|20)\d\d\s?[-年/.]|\d{1,2}:\d\d|【|\[|来源|<|>")
_STRIP = " \u3000\t\x1f:：,，。.|·-—_（([]【】"
_SITE = re.compile(r"\s{0,3}[（(]\s{0,2}(?:https?:|www\.)[^）)]{1,60}[）)]$")
_ACCOUNT = re.compile(r"(?<=[\u4e00-\u9fff]{2})官方(?:账号|帐号|微信|微博|公众号)$")
_MADE = re.compile(r"\s?[（(【\[](?:整理|综合|编译|原创|转载|转发)[）)】\]]?$")
_PLACE = re.compile(r"[（(][\u4e00-\u9fff]{2,3}(?<!版)[）)]$")
_MEDIA = re.compile(r"(?:报|報|网|網|社|台|臺|新闻|新聞|日报|晚报|在线|频道|客户端|周刊|杂志|电视|广播|报道|传媒|融媒体?(?:中心)?|中心|政府|委员会|委|局|厅|部|办|医院|大学|学院|站|号|财经|观察|视频|博客|"
                    r"论坛|快讯|资讯|消息|发布|时代|.com|.cn|News|Daily)$", re.I)
_BAD = re.compile(r"评论|分享|字号|字体|阅读|浏览|点击|打印|收藏|关闭|微信|微博|QQ|客户端下载|责编|编辑|作者|记者|时间|小中大|大中小|^[\d\s:/.-]+$|关注|举报|^更多|参与|手机看|扫码|首页|正文|>|^原创$|"
                  r"首发|日期|发布于|发表于|^最后|更新|^(?:企鹅|百家|网易|搜狐|大鱼|头条|澎湃|一点|新浪|凤凰|人民|腾讯|官方)号$|认证|登录|注册|返回|^来源$|[／/]|^本文$|^未知$|次$|人$|http|"
                  r"\.\w{2,4}/|下载|跟贴|推荐|语音|我要|星期|^[年月日]$|新窗口|^已有|facebook|twitter|whatsapp|telegram|google|^line$|^e-?mail$|^print$|^share", re.I)
# markup that was printed, words of the page itself, days and months alone
_NO_NAME = re.compile(
    r"[=\"<>{}]|^(?:查看旧版|旧版|转载(?:文章)?|转帖|转贴|原创(?:文章)?|楼主|网络(?:转载|整理|综合)?|互联网|本站|本网|佚名|不详|未知|暂无|无|其他|其它|"
    r"综合整理|网友|作者|默认|标签|以前|之前|以后)$|^(?:null|none|undefined|unknown|admin)$|\bsize\b|"
    r"^(?:mon|tues?|wed(?:nes)?|thurs?|fri|sat(?:ur)?|sun)(?:day)?\.?$|"
    r"^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?$",
    re.I,
)
_ORIGIN = re.compile(r"[（(【\[▲▍丨|·—\- ]{0,3}(?:(?:本文|文章|稿件|内容|信息)?(?:来源|來源|稿源)(?:于|自)?|(?:本文|文章|稿件)?(?:转载自|转自|轉自|原载于?))\s{0,2}[:：丨|｜\s]\s{0,3}"
                     r"[《“]?([^\s：:，,、；;。/|丨｜]{2,20}(?:[ \u3000][A-Za-z]{2,12})?)[》”]?(?:微信)?(?:公众号)?[）)】\]]?")
_NOWHERE = re.compile(r"网络|互联网|综合|整理|未知|百度|图片|视频|本号|原创|截图|公开(?:资料|信息)|微信$|朋友圈|[和与及]")
_PARTS = re.compile(r"[\x1f|｜\n]|\s{2,}|\u3000+|(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])|[()（）](?=[\x1f\s]|$)")
_KEY = re.compile(r"source|media|laiyuan|(?:^|[\s_-])ly(?=$|[\s_-])|author|account|copyright-?name|from|origin|mediaid", re.I)
TAIL = "text:文末来源"
BESIDE = "text:时间旁"        # origin of a name that no label calls the source
_SAID = re.compile(r"source|laiyuan|(?:^|[\s_-])ly(?=$|[\s_-])", re.I)
_SCRIPT = re.compile(r'"(?:source|sourceName|source_name|mediaName|media_name|media|newsSource|origin|'
                     r'copyfrom)"\s{0,3}:\s{0,3}"([^"\\\n]{2,24})"')
_METAS = (
    ("contentsource", 0.72),
    ("source", 0.55),
    ("mediaid", 0.5),
    ("og:article:source", 0.55),
    ("article:source", 0.55),
    ("copyright-source", 0.45),
)


def clean(value: str) -> str:
    """A printed name without its marks: `来源：《健康报》 ` → `健康报`."""
    value = re.sub(r"[\s\u3000\x1f]+", " ", value).strip(_STRIP)
    value = re.sub(r"^(?:来源|來源|稿源)\s{0,3}[:：]\s{0,3}", "", value).strip(_STRIP)
    value = _SITE.sub("", value)
    value = _ACCOUNT.sub("", _MADE.sub("", value)).strip(_STRIP)
    if value.startswith("《") and value.endswith("》"):
        value = value[1:-1]
    if _PLACE.search(value) and len(value) > 7:
        value = _PLACE.sub("", value)
    for opened, closed in (("（", "）"), ("(", ")"), ("《", "》"), ("“", "”")):
        if value.endswith(closed) and opened not in value:
            value = value[:-1]
        if value.startswith(opened) and closed not in value:
            value = value[1:]
    return value.strip(_STRIP)


def is_outlet(name: object) -> bool:
    """Does the name end as outlets' and offices' names do?"""
    return bool(_MEDIA.search(str(name)))


def _refused(value: str) -> bool:
    """Words of the page's furniture, markup, a day of the week: anything but a name."""
    return bool(_BAD.search(value) or _NO_NAME.search(value))


def candidates(doc: Document, body: Body, title_at: int, date_at: int, title: str = "") -> list[Candidate]:
    out: list[Candidate] = []
    start = body.blocks[0].start if body.blocks else 0
    low = title_at if 0 <= title_at < start + 200 else max(0, start - 600)
    if 0 <= date_at < low and low - date_at < 600:
        low = date_at
    low = max(0, doc.text.rfind("\n", 0, max(0, low - 150)) + 1)
    high = min(len(doc.text), start + 150)
    _labelled(doc, low, high, 0.9, "text:来源", out)
    last = body.blocks[-1].start if body.blocks else body.end
    tail = max(high, min(last, body.end) - 250)
    _labelled(doc, tail, min(len(doc.text), body.end + 300), 0.56, TAIL, out)
    if body.blocks:
        _beside(doc, low, start, title_at, date_at, title, out)
    for name, score in _METAS:
        value = clean(doc.meta(name))
        if 2 <= len(value) <= 30 and not value.isdigit() and not _refused(value):
            out.append(Candidate(value, f"meta:{name}", score))
    if not out:
        for script in doc.scripts[:60]:
            held = [clean(value) for value in _SCRIPT.findall(script[:400_000])[:3]] if '"' in script else []
            out += [
                Candidate(value, "script", 0.45)
                for value in held
                if re.fullmatch(r"[\u4e00-\u9fff·A-Z-]{2,16}", value) and not _refused(value) and value not in title
            ]
            if out:
                break
    return _agree(_outlets(out))


def _outlets(found: list[Candidate]) -> list[Candidate]:
    """Where an outlet is named, a person printed after 来源 under the text is its writer and no candidate."""
    if not any(_MEDIA.search(str(c.value)) and c.score > 0.41 and c.origin.startswith("text") for c in found):
        return found
    return [c for c in found if _MEDIA.search(str(c.value)) or not is_name(str(c.value), True) or c.origin != TAIL]


def in_post(doc: Document, body: Body, account: str) -> list[Candidate]:
    """What a WeChat post's own text prints as its origin, in its first lines or its last: `来源：健康报`, `本文转自：…`.

    A line of its own with one outlet's name alone counts; 来源：网络, several names and the account itself do not.
    """
    lines = [b.text.strip(" \u3000") for b in body.blocks]
    out: list[Candidate] = []
    for place, held in (("文首", lines[:4]), ("文末", lines[-8:])):
        for line in held:
            found = _ORIGIN.fullmatch(line)
            name = clean(found.group(1)) if found else ""
            fit = 2 <= len(name) <= 20 and name != account and not (_refused(name) or _NOWHERE.search(name))
            if fit and name not in (c.value for c in out):
                out.append(Candidate(name, f"text:{place}来源", 1.0, line[:80]))
    return out[:1] if len(out) == 1 else []


def _labelled(doc: Document, low: int, high: int, base: float, origin: str, out: list[Candidate]) -> None:
    if low >= high:
        return
    zone = doc.parted(low, high)
    for found in _LABEL.finditer(zone):
        rest = zone[found.end():found.end() + 60].lstrip("\x1f \u3000[【(（《“\"")
        below = rest[:1] == "\n"
        if below:                                  # the label in a box of its own, the name in the next
            rest = rest.lstrip("\n\x1f \u3000")
            if re.match(r"[^\n\x1f]{0,12}[:：]|\d", rest) or not _MEDIA.search(re.split(r"[\n\x1f]", rest, maxsplit=1)[0].strip()):
                continue
        end = _END.search(rest)
        raw = rest[:end.start()] if end else rest
        value = clean(raw)
        if not 2 <= len(value) <= 30 or _refused(value) or not re.search(r"[\u4e00-\u9fffA-Za-z]", value):
            continue
        if re.search(r"(?:图片|照片|视频|数据|资料|截图|封面)$", zone[max(0, found.start() - 2):found.start()]) or found.group().startswith("资料"):
            continue
        line_start = zone.rfind("\n", 0, found.start()) + 1
        line_end = zone.find("\n", found.start())
        line = zone[line_start:line_end if line_end >= 0 else len(zone)]
        score = base - (0.3 if len(line) > 120 else 0.0) - (0.1 if below else 0.0)
        if base < 0.6 and _ORIGIN.fullmatch(line.replace("\x1f", "").strip(" \u3000")):
            score += 0.2                           # a line of its own that says nothing else
        if re.search(r"[。！？]", value) or re.search(r"版权|凡本网|注明", line):
            score -= 0.4
        if is_name(value, True) and not _MEDIA.search(value):      # the writer first, the paper under or after him
            following = clean(re.split(r"[\n\x1f]+", rest[len(raw):].lstrip("\n\x1f \u3000)）】]"), maxsplit=1)[0])
            if 3 <= len(following) <= 16 and _MEDIA.search(following) and not _refused(following) and not re.search("[:：，。！？ ]", following):
                value = following
        out.append(Candidate(value, origin, score, line.replace("\x1f", " ").strip()[:80], low + found.start()))


def _beside(doc: Document, low: int, start: int, title_at: int, date_at: int, title: str, out: list[Candidate]) -> None:
    """A name without a label: in the line of the time, in a link next to it, or in a box named for it."""
    blocks = [b for b in doc.within(low, start) if len(b.text) <= 100]
    lines = [k for k, b in enumerate(blocks) if b.start <= date_at < b.end]
    at = lines[0] if lines else -9
    english = bool(lines and ENGLISH.match(doc.text, date_at))      # its parts may stand in boxes of their own
    printed = WHEN.match(doc.text, date_at) if lines else None
    last = max((k for k, b in enumerate(blocks) if printed and b.start < printed.end()), default=at)
    for k, block in enumerate(blocks):
        same, close = at <= k <= last, at >= 0 and at - 2 <= k <= last + 2
        owners = [el.key for i, el in enumerate(block.owner.above()) if i < 2]
        apart = doc.parted(block.start, block.end)
        if english and block.start <= date_at < block.end:
            apart = apart.replace("\x1f", " ")
        parts = _PARTS.split(ENGLISH.sub("\x1f", WHEN.sub("\x1f", apart)))
        inline = {
            doc.text[el.start : el.end].strip(" \u3000\n"): el
            for el in doc.els[block.owner.i : block.owner.last + 1]
            if el.end - el.start < 40
        }
        whole = sum(1 for p in parts if p.strip(_STRIP)) == 1
        for part in parts:
            value = clean(part)
            if (
                not 2 <= len(value) <= 20
                or _refused(value)
                or re.search("[:：，。！？]", value)
                or value.isdigit()
            ):
                continue
            el = inline.get(part.strip(" \u3000"))
            said = el is not None and bool(el.key) and bool(_SAID.search(el.key))
            if title and value in title and not (said and at >= 0 and same):      # a column's name may begin the title
                continue
            named = bool(
                el is not None
                and any(a.key and _KEY.search(a.key) for a in (el, el.parent) if a is not None and a.i > block.owner.i)
                or whole
                and any(_KEY.search(key) for key in owners)
            )
            linked = (
                whole
                and block.link * 10 > len(block.text) * 7
                or el is not None
                and any(a.tag == "a" for a in el.above() if a.i >= block.owner.i)
            )
            score = (
                (0.42 if same else 0.2 if close else 0.0)
                + (0.32 if named else 0.0)
                + (0.12 if linked and (same or close) else 0.0)
                + (0.2 if _MEDIA.search(value) else 0.0)
            )
            if whole and same and not is_name(value, True) or close and not same and whole and linked and k == last + 1:
                score += 0.16
            if is_name(value, True) and not _MEDIA.search(value):
                score -= 0.5                   # a person, not an outlet
            above = k == at - 1 and whole and 0 <= title_at < block.start and _MEDIA.search(value) and not linked
            if not same and not named and not above and not (k == last + 1 and close and linked and whole):
                continue
            if above:
                score += 0.12                  # a line of nothing but an outlet's name, between title and time
            if not same and not close:
                score += 0.1
            out.append(Candidate(value, BESIDE, score, block.text[:80], block.start))
        found = re.fullmatch(
            r"\s*(?:[\u4e00-\u9fff]{2,4}[、 ]){0,3}[\u4e00-\u9fff]{2,4}\s?[/／]\s?([\u4e00-\u9fffA-Za-z]{2,16})\s*", block.text
        )
        if found and _MEDIA.search(found.group(1)):
            out.append(Candidate(found.group(1), "text:作者/媒体", 0.7, block.text, block.start))


def _agree(found: list[Candidate]) -> list[Candidate]:
    count: dict[str, int] = {}
    for c in found:
        count[str(c.value)] = count.get(str(c.value), 0) + 1
    out = [Candidate(c.value, c.origin, c.score + 0.05 * (min(count[str(c.value)], 3) - 1), c.detail, c.at) for c in found]
    return sorted((c for c in out if c.score > 0.41), key=lambda c: -c.score)
