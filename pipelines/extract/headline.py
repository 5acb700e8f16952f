"""The text of a heading: made plain, folded for comparing, cut free of the site's name, set on one line."""

from __future__ import annotations

import html
import re

_FOLD = re.compile(r"[\s\u3000]+")
_SEPARATOR = re.compile(r"\s*(?:_{1,3}|\||｜|-{2,}|——?(?=[^—]*$)|–|—|»|«|<<|>>|::|\s@\s|•|·(?=[^·]*(?:网|報|报))|\s-\s|-|－)\s*")
_SITE = re.compile(r"网|網|频道|頻道|新闻|新聞|中心|日报|晚报|早报|时报|晨报|都市报|日報|报社|报纸|电子报|数字报|在线|线上|门户|政府|委员会|卫健委|广播|电视台|客户端|首页|资讯|栏目|专题|杂志|"
                   r"周刊|集团|医院|大学|公司|平台|官方|\.(?:com|cn|net|org)|[A-Za-z]{3,}|公报|社区|论坛|博客|财经|娱乐|体育|时政|社会|国内|国际|要闻|正文|详情|健康|教育|科技|手机")
NAMED_SITE = re.compile(
    r"(?:网|網|中心|频道|頻道|首页|委员会|卫健委|政府|医院|大学|报|報|社|新闻|新聞|在线|线上|客户端|门户|电视台|广播|发布|平台|资讯|信息港|之窗|热线)(?:[（(].{1,8}[）)])?$",
    re.I,
)
# tags that an editor's heading carries as text: `标题&lt;div&gt;副题&lt;/div&gt;`
_TAG = re.compile(r"</?(?:div|p|br|hr|span|font|strong|b|i|em|u|a|sub|sup|center|small|big|section|h[1-6])(?:\s[^<>]{0,300})?/?>", re.I)
_DECORATION = re.compile(r"\s?(?:[-－=]\s){1,6}[-－=]$|\s[-－=]{1,3}$")
_SAME = str.maketrans("“”‘’「」『』：，！？（）；—－–―•．…【】％／～", "\"\"''\"\"\"\":,!?();----·..[]%/~")


def tidy(text: str) -> str:
    """One line, gaps as one space, entities read, tags in it and dashes hung on its end (`标题- -`) off."""
    text = html.unescape(text) if "&" in text else text
    text = _TAG.sub(" ", text) if "<" in text else text
    text = _FOLD.sub(" ", text).strip(" \u3000|_")
    return _DECORATION.sub("", text) if text[-1:] in ("-", "－", "=") else text


def fold(text: str) -> str:
    """For comparing: no space, one kind of quotation marks, brackets, dashes and colons, lower case."""
    text = _FOLD.sub("", text).lower()
    return text.translate(_SAME)


def stem(head: str) -> list[str]:
    """The likely titles in a `<title>`, longest first: it is cut at each separator from the right."""
    head = tidy(head)
    out = [head] if head else []
    for found in reversed(list(_SEPARATOR.finditer(head))):
        left = head[:found.start()].strip()
        if len(left) >= 2:
            out.append(left)
    return out


def strip_site(head: str) -> str:
    """`<title>` without what names the site and its columns, judged by words alone."""
    head = tidy(head)
    while True:
        found = None
        for found in _SEPARATOR.finditer(head):
            pass
        if found is None:
            break
        left, right = head[:found.start()].strip(), head[found.end():].strip()
        strong = found.group().strip() not in ("-", "—", "–", "－", "——") or found.group() != found.group().strip()
        if len(left) < 4 or not (
            len(right) <= 4 or (_SITE.search(right) and len(right) <= 30) or (strong and len(right) <= 12) or len(right) < len(left) * 0.3
        ):
            break
        head = left
    spaced = re.fullmatch(r"(.{8,}) ([\u4e00-\u9fff]{3,20}(?:网|網|频道|委员会|卫健委|政府|附属医院|门户))", head)
    return spaced.group(1) if spaced else head


def one_line(parts: list[str], head: str) -> str:
    """Lines of a heading as one: parted by a space unless `<title>` prints them without one."""
    whole = fold(head)
    solid = [i for i, c in enumerate(head) if not c.isspace()]      # index in `head` of each character of the folded form
    text, used = "", 0
    for part in parts:
        part = tidy(part)
        if not part:
            continue
        agreed = whole.startswith(fold(text + part)) and len(solid) == len(whole)
        gap = not (agreed and text and used < len(solid) and solid[used] == solid[used - 1] + 1)
        text = f"{text} {part}" if text and gap else text + part
        used = len(fold(text))
    return text
