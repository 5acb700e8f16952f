"""How two articles stand to one another: repost, excerpt, partial reuse, same template, same event, or nothing.

A repost shares nearly all of the shorter body and at least about half of the longer one, after cleaning, and does not
contradict it: a bulletin with other figures, dates or places is another article however alike its words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from math import exp

from analysis.cleaning import Cleaned, clean, clean_title, fold
from analysis.differences import Block, align
from analysis.events import words_of
from analysis.facts import Agreement, Figure, agreement, elsewhere, figures, places, relative_days, renamed
from analysis.words import cut
from model.story import Relation, Verdict

TAKEN = 0.87             # share of the shorter body that must stand in the other
HALF = 0.48              # share of the longer body that must stand in the other
CONTRADICTED = 0.12      # share of compared figures that may differ
REPORT = 120             # characters of a whole report that may go under any title
LONG = 15                # characters from which a shared passage is copied, not a turn of phrase
SHORT = 300              # characters under which one contradicted figure of few is enough
HEAD = 300               # characters in which a bulletin's places are looked for
BULLETIN = 700           # characters of the longest bulletin
DENSE = 0.03             # figures a character from which a short text is a bulletin
TITLE_TOUCH = 0.13       # share of a title's character pairs that the shared passages must hold
NEAR_DAYS = 3            # days within which one common subject makes one event
KIN = 0.14               # likeness of their words from which two articles of one month are about one happening
KIN_DAYS = 30
NOTICE = 40              # characters of a notice in both
ABOUT = 0.30             # share of a title's character pairs that the other article must hold to be about the same
_REPORTS = re.compile(r"记者|介绍|表示|据悉|获悉|报道|通报|负责人|日前|近日|昨[日天]|今[日天年]|去年|上午|下午|晚上|[说称]|\d{1,2}[月日时]")
_ADDRESS = re.compile("[你您]")
ADDRESSED = 100          # characters a “你” from which on a text speaks to its reader and does not report
_EMPTY_WORDS = re.compile("相关(?:新闻|报道|消息)|最新(?:消息|进展|报道|新闻)|全过程|组图|图集|专题|视频")    # of a title: tell nothing


@dataclass(frozen=True)
class Text:
    """An article as it is compared.  `boilerplate`: sentences that its outlet puts into many pieces."""

    title: str
    text: str
    published: datetime | None = None
    outlet_id: str = ""
    boilerplate: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Read:
    """A text made ready for comparison."""

    cleaned: Cleaned
    figures: tuple[Figure, ...]
    title: str
    pairs: frozenset[str]          # character pairs of the title


@lru_cache(maxsize=2048)
def _read(title: str, text: str, boilerplate: tuple[str, ...]) -> _Read:
    cleaned = clean(text, title, boilerplate)
    bare = clean_title(title)
    told = _EMPTY_WORDS.sub("", bare) or bare
    return _Read(cleaned, tuple(figures(cleaned.text)), bare, frozenset(told[i:i + 2] for i in range(len(told) - 1)))


@dataclass(frozen=True)
class Comparison:
    """The figures behind a verdict; `short` is the one with the shorter cleaned body."""

    short: _Read
    long: _Read
    blocks: tuple[Block, ...]      # i in short, j in long
    taken: float                   # share of the short body that stands in the long one
    covered: float                 # share of the long body that stands in the short one
    copied: int                    # characters in long passages
    facts: Agreement
    touch: float                   # how much of either title the shared passages hold
    about_long: float              # how much of the longer one's title the shared passages hold
    about: float                   # how much of one title the other article holds, the weaker direction


def _touch(pairs: frozenset[str], text: str) -> float:
    return sum(p in text for p in pairs) / len(pairs) if pairs else 0.0


def compare(a: Text, b: Text) -> Comparison:
    """Align the two cleaned bodies; the same whichever comes first."""
    one, two = _read(a.title, a.text, a.boilerplate), _read(b.title, b.text, b.boilerplate)
    if (len(one.cleaned.text), one.cleaned.text, one.title) > (len(two.cleaned.text), two.cleaned.text, two.title):
        one, two = two, one
    short, long = one.cleaned.text, two.cleaned.text
    blocks = align(short, long)
    shared = sum(x.length for x in blocks)
    passages = "\n".join(short[x.i:x.i + x.length] for x in blocks)
    return Comparison(
        one, two, tuple(blocks),
        taken=shared / len(short) if short else 0.0,
        covered=shared / len(long) if long else 0.0,
        copied=sum(x.length for x in blocks if x.length >= LONG),
        facts=agreement(short, long, blocks, list(one.figures), list(two.figures)),
        touch=max(_touch(one.pairs, passages), _touch(two.pairs, passages)),
        about_long=_touch(two.pairs, passages),
        about=min(_touch(one.pairs, two.title + long), _touch(two.pairs, one.title + short)),
    )


def _belief(value: float, bound: float, steepness: float) -> float:
    """0.5 at the bound, towards 1 above it."""
    return 1.0 / (1.0 + exp(-steepness * (value - bound)))


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _days_apart(a: Text, b: Text) -> int | None:
    if a.published is None or b.published is None:
        return None
    return abs((a.published.date() - b.published.date()).days)


def _is_bulletin(read: _Read) -> bool:
    """Short and full of figures: what it says are its figures."""
    size = len(read.cleaned.text)
    return size <= BULLETIN and len(read.figures) >= 3 and len(read.figures) >= DENSE * size


def _title_facts(c: Comparison) -> tuple[tuple[str, str], ...]:
    """Figures that differ at the same place of two titles otherwise alike."""
    one, two = c.short.title, c.long.title
    blocks = align(one, two, 3)
    if 2 * sum(x.length for x in blocks) < max(len(one), len(two)):
        return ()
    told = agreement(one, two, blocks, figures(one), figures(two))
    return told.conflicts + told.dates


def _contradiction(c: Comparison, a: Text, b: Text) -> tuple[float, str]:
    """(how far the facts contradict, 0..1 with the bound at CONTRADICTED; what contradicts, in words)."""
    facts, size = c.facts, len(c.short.cleaned.text)
    words = []
    if facts.conflicts:
        words.append("数字不同 " + "、".join(f"{x}/{y}" for x, y in facts.conflicts[:4]))
    if facts.dates:
        words.append("日期不同 " + "、".join(f"{x}/{y}" for x, y in facts.dates[:3]))
    weight = facts.ratio
    if _is_bulletin(c.short):
        titled = _title_facts(c) if _days_apart(a, b) else ()
        if titled:
            words.append("标题数字不同 " + "、".join(f"{x}/{y}" for x, y in titled))
        if facts.differing > 1 or titled or facts.dates or facts.conflicts and facts.agreed < 15:
            weight = max(weight, 0.3)
    elif facts.differing == 1 and (size > SHORT or weight < 0.2):
        weight = 0.0
    if size <= BULLETIN:
        apart = elsewhere(c.short.title, c.short.cleaned.text, c.long.title, c.long.cleaned.text)
        if apart:
            weight = max(weight, 0.5)
            words.append(f"地名不同 {apart[0]}/{apart[1]}")
    names = renamed(c.short.title, c.short.cleaned.text, c.long.title, c.long.cleaned.text, list(c.blocks))
    if names:
        weight = max(weight, 0.5)
        words.append("名称不同 " + "、".join(f"{x}/{y}" for x, y in names[:3]))
    days = _days_apart(a, b)
    if (not facts.differing and facts.agreed < 2 and days and size <= SHORT and c.short.title != c.long.title
            and relative_days(c.short.cleaned.text) and relative_days(c.long.cleaned.text)):
        weight = 0.5
        words.append(f"“今日”等所指日期相差{days}天")
    return weight, "；".join(words)


def _at_end(c: Comparison) -> bool:
    """Do the passages end where both bodies end, or make up the shorter one?"""
    if c.taken >= 0.95:
        return True
    short, long = len(c.short.cleaned.text), len(c.long.cleaned.text)
    return any(x.i + x.length >= short - 5 and x.j + x.length >= long - 5 and x.length >= 40 for x in c.blocks)


def _titles_alike(c: Comparison) -> bool:
    """Do the titles share half of the character pairs of the one that has fewer?"""
    return 2 * len(c.short.pairs & c.long.pairs) >= min(len(c.short.pairs), len(c.long.pairs)) > 0


def _reports(text: str) -> bool:
    """Does a text tell of something, rather than speak to its reader?"""
    return len(set(_REPORTS.findall(text))) >= 2 and len(_ADDRESS.findall(text)) * ADDRESSED <= len(text)


def _furniture_only(c: Comparison) -> bool:
    """Is what is shared the outlets' furniture: no body is left, or long passages that say nothing of either title?"""
    if not c.short.cleaned.text:
        mine, theirs = (fold("".join(r.cleaned.removed)) for r in (c.short, c.long))
        return any(x.length >= 20 for x in align(mine, theirs, 20))
    if (c.copied < 40 and c.taken < 0.9) or c.touch >= TITLE_TOUCH:
        return False
    if not c.short.pairs or not c.long.pairs or c.short.title == c.long.title:
        return False
    if c.covered >= HALF and c.touch > 0.0 and _titles_alike(c):
        return False               # one and the same body under one and the same title, whatever it says
    if min(c.taken, c.covered) >= 0.9 and c.copied >= REPORT and _reports(c.short.cleaned.text):
        return False               # a report under titles that say nothing of it
    passages = "\n".join(c.short.cleaned.text[x.i:x.i + x.length] for x in c.blocks)
    told = {w for read in (c.short, c.long) for w in cut(read.title) if len(w) > 1 and not w.isdigit() and w in passages}
    return len(told) <= 1 and all(len(w) < 3 for w in told) and _at_end(c)


def _opens_alike(c: Comparison) -> bool:
    """Does the longer one begin with what the shorter one has?"""
    return any(x.j <= 0.12 * len(c.long.cleaned.text) and x.length >= 2 * LONG for x in c.blocks)


def _skeleton(read: _Read) -> set[str]:
    """4-grams of a body whose figures and places are blanked: the form of a bulletin."""
    pieces, cursor = [], 0
    for figure in read.figures:
        pieces += [read.cleaned.text[cursor:figure.start], "0"]
        cursor = figure.end
    form = "".join((*pieces, read.cleaned.text[cursor:]))
    for place in places(form[:HEAD]):
        form = form.replace(place, "")
    return {form[i:i + 4] for i in range(len(form) - 3)}


def _same_form(c: Comparison) -> bool:
    """Two bulletins: full of figures, alike when these are blanked."""
    if not _is_bulletin(c.short) or not _is_bulletin(c.long) or len(c.long.cleaned.text) > 5 * len(c.short.cleaned.text):
        return False
    one, two = _skeleton(c.short), _skeleton(c.long)
    return len(one & two) >= 0.12 * min(len(one), len(two))


def _subject(c: Comparison) -> list[str]:
    """Words of one title that the other has in its title, or again and again in its text: what both are about."""
    found = []
    for one, two in ((c.short, c.long), (c.long, c.short)):
        for word in dict.fromkeys(cut(one.title)):
            if len(word) > 1 and not word.isdigit() and word not in found and one.cleaned.text.count(word) >= 2 and (
                    word in two.title and two.cleaned.text.count(word) >= 2 or two.cleaned.text.count(word) >= 4):
                found.append(word)
    return sorted(found, key=lambda w: -len(w))


@lru_cache(maxsize=1024)
def _words(title: str, text: str) -> dict[str, float]:
    return words_of(title, text)


def _kin(c: Comparison) -> tuple[float, list[str]]:
    """(likeness of the rare words of two articles, the words that make it)"""
    one, two = (_words(read.title, read.cleaned.text) for read in (c.short, c.long))
    shared = sorted((w for w in one if w in two), key=lambda w: -one[w] * two[w])
    return sum(one[w] * two[w] for w in shared), shared[:4]


def _notice_in_both(c: Comparison) -> bool:
    """Do the parts that were taken off share a passage?"""
    mine, theirs = (fold("".join(r.cleaned.removed)) for r in (c.short, c.long))
    return any(x.length >= NOTICE for x in align(mine, theirs, 20))


def judge(a: Text, b: Text) -> Verdict:
    """The relation of two articles; `score` is the belief that one is a repost of the other, 0.5 being the bound."""
    c = compare(a, b)
    weight, contradiction = _contradiction(c, a, b)
    belief = min(_belief(c.taken, TAKEN, 16), _belief(c.covered, HALF, 12), _belief(CONTRADICTED, weight, 30))
    shares = f"较短一稿的{_percent(c.taken)}、较长一稿的{_percent(c.covered)}相同"
    agreed = f"，{c.facts.agreed}处数字一致" if c.facts.agreed else ""
    furniture = c.touch < TITLE_TOUCH and _furniture_only(c)
    comparable = c.taken >= 0.45 and (c.covered >= HALF or _is_bulletin(c.short) or len(c.long.cleaned.text) <= SHORT)
    if weight > CONTRADICTED and comparable and (c.facts.differing or not furniture):
        return Verdict(Relation.SAME_TEMPLATE, min(belief, 0.3), f"{shares}，但{contradiction}：同一模板的另一稿")
    if furniture:
        return Verdict(Relation.BOILERPLATE_ONLY, min(belief, 0.05), f"相同的只是媒体的固定文字，与两稿标题无关（{shares}）")
    if belief >= 0.5:
        noted = f"；{contradiction}" if contradiction else ""
        return Verdict(Relation.REPOST, belief, f"{shares}{agreed}{noted}")
    belief = min(belief, 0.49)
    if c.taken >= 0.9 and c.copied >= 60 and c.covered >= 0.25 and (c.about_long >= 0.4 or _titles_alike(c)) and _opens_alike(c):
        return Verdict(Relation.EXCERPT, belief, f"较短一稿的{_percent(c.taken)}取自较长一稿开头部分，占后者{_percent(c.covered)}{agreed}")
    copied = c.copied / len(c.short.cleaned.text) if c.short.cleaned.text else 0.0
    if c.copied >= 90 and (copied >= 0.3 or c.copied >= 400):
        return Verdict(Relation.PARTIAL_REUSE, belief, f"共有成段文字{c.copied}字，{shares}，其余各写各的")
    if _same_form(c):
        return Verdict(Relation.SAME_TEMPLATE, belief, f"同类通报，文字格式相同而内容不同{'：' + contradiction if contradiction else ''}")
    subject = _subject(c)
    if c.about >= ABOUT or len(subject) > 1 or subject and (_days_apart(a, b) or 0) <= NEAR_DAYS:
        told = f"都以“{'、'.join(subject[:4])}”为题" if subject else f"标题用语互见{_percent(c.about)}"
        return Verdict(Relation.SAME_EVENT, belief, f"所述为同一件事（{told}），文字各写各的（{shares}）")
    likeness, words = _kin(c)
    if likeness >= KIN and (_days_apart(a, b) or 0) <= KIN_DAYS:
        return Verdict(Relation.SAME_EVENT, belief, f"所述为同一件事（同说“{'、'.join(words)}”，用词相似{_percent(likeness)}），文字各写各的（{shares}）")
    if _notice_in_both(c):
        return Verdict(Relation.BOILERPLATE_ONLY, min(belief, 0.05), f"相同的只是声明、提示等固定文字，正文不同（{shares}）")
    return Verdict(Relation.DIFFERENT, belief, f"文字与所述之事都不相同（{shares}）")


