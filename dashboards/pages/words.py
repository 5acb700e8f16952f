"""设置—词表与规则: words looked up, a change of words or rules tried on the last 90 days, then saved or dropped.

A change goes from page to page in the form itself: nothing is kept of one that is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response
from model.alert import KINDS
from model.clipping import Clipping
from model.errors import Problem
from model.opinion import Label
from model.ports_words import WordsDesk
from model.rehearsal import Tried, WordChange
from model.vocabulary import EFFECTS, Vocabulary

from dashboards.pages.settings import sections
from dashboards.render import page
from dashboards.visitor import NotFound, Posting, Reading, Visitor

router = APIRouter()
CLASSES = {"strong": "强词", "weak": "弱词", "masked": "排除的说法"}
FLIPS = {"F1": "执法整治", "F2": "演练培训", "F3": "“零”字头的好消息", "F4": "下降减少", "F5": "医学用语", "F6": "机构与法规名称", "F7": "“红包”的别义", "F8": "辟谣澄清",
         "F9": "公告通知", "F10": "表彰先进"}
MAX_WORDS, MAX_WORD, MAX_WHEN = 200, 60, 1000
SHOWN = 100                    # articles of each list
_NO_RIGHT = "只有管理员和秘书处可以改词表和规则。"
_RULE = ("name", "when", "effect", "topic", "severity", "kind")


@dataclass(frozen=True)
class Place:
    """A list of words on the page; `key` as `model.rehearsal.WordChange.place`."""

    key: str
    name: str
    words: tuple[str, ...]


def places(v: Vocabulary) -> list[Place]:
    """Every list that may be changed here."""
    found = [Place(f"{t.id}.{key}", f"{t.name} · {name}", getattr(t, key)) for t in v.topics for key, name in CLASSES.items()]
    found += [Place("frames", "句式", v.frames), Place("reverse", "反转词", v.reverse)]
    return found + [Place(f"flips.{key}", f"转为中性 · {FLIPS.get(key, key)}", words) for key, words in v.flips.items()]


def desk_of(visitor: Visitor) -> WordsDesk:
    if visitor.office.words is None:
        raise NotFound
    return visitor.office.words


def who(visitor: Visitor) -> str:
    return visitor.user.display or visitor.user.name


def lessons_of(visitor: Visitor, clipping: Clipping) -> dict[str, object]:
    """What a clipping's page shows of the cases that the desk made of it, and whether the visitor may make one."""
    desk = visitor.office.words
    may = desk is not None and visitor.may("teach")
    return {"lessons": desk.lessons_of(clipping) if may else [], "may_teach": may, "choices": [(x.value, x.label) for x in Label]}


@router.get("/settings/words")
def index(visitor: Reading, q: str = "", place: str = "", rule: str = "", saved: str = "") -> Response:
    visitor.need("settings")
    return _index(visitor, q.strip()[:MAX_WORD], place, rule, saved=bool(saved))


def _index(visitor: Visitor, q: str = "", place: str = "", rule: str = "", *, typed: WordChange = WordChange(), problems: tuple[Problem, ...] = (),
           status: int = 200, saved: bool = False) -> Response:
    bureau = visitor.office.bureau()
    v, all_places = bureau.vocabulary, places(bureau.vocabulary)
    own = visitor.office.words.own() if visitor.office.words else frozenset()
    found = [(p, [w for w in p.words if q in w]) for p in all_places] if q else []
    held = next((r for r in v.rules if r.name == (typed.rule_was or rule)), None)
    fields = dict(typed.rule) if typed.rule else {k: str(getattr(held, k)) for k in _RULE} if held else {}
    return page(
        visitor, "settings/words.html", "/settings", status, section="words", sections=sections(visitor), v=v, q=q, found=[one for one in found if one[1]],
        places=all_places, by_key={p.key: p for p in all_places}, place=typed.place or place, own=own,
        gone=sorted((p, w[1:]) for p, w in own if w[:1] == "-"), typed=typed, problems=problems, fields=fields,
        rule_was=typed.rule_was or (held.name if held else ""), effects=EFFECTS, kinds=KINDS, may=visitor.may("words") and bool(visitor.office.words),
        sensitive=bureau.duty.sensitive, watches=bureau.duty.watches, saved=saved, classes=CLASSES, names={t.id: t.name for t in v.topics}, flips=FLIPS)


def _lines(text: str) -> tuple[str, ...]:
    """Words one a line, each once; a word may hold 、 itself."""
    parts = (line.strip()[:MAX_WORD + 1] for line in text[:20_000].splitlines())
    return tuple(dict.fromkeys(w for w in parts if w))[:MAX_WORDS]


Text = Annotated[str, Form()]


@dataclass(frozen=True)
class Asked:
    """What a form asks for, and the form itself for the next page."""

    change: WordChange
    form: str


def asked(place: Text = "", added: Text = "", removed: Text = "", name: Text = "", when: Text = "", effect: Text = "", topic: Text = "", severity: Text = "",
          kind: Text = "", rule_was: Text = "", form: Text = "") -> Asked:
    """`form`: word, rule, or rule-off to take the rule `rule_was` away."""
    if form == "rule":
        given = {"name": name, "when": " ".join(when.split()), "effect": effect, "topic": topic, "severity": severity, "kind": kind}
        return Asked(WordChange(rule={k: x.strip()[:MAX_WHEN] for k, x in given.items()}, rule_was=rule_was[:MAX_WORD]), form)
    if form == "rule-off":
        return Asked(WordChange(rule_was=rule_was[:MAX_WORD]), form)
    return Asked(WordChange(place[:MAX_WORD], _lines(added), _lines(removed)), "word")


Change = Annotated[Asked, Depends(asked)]


def _told(change: WordChange) -> str:
    """The change in one line, for the record."""
    if change.rule:
        return f"规则 {change.rule_was + ' → ' if change.rule_was and change.rule_was != change.rule['name'] else ''}{change.rule['name']}: {change.rule['when']}"[:300]
    if change.rule_was:
        return f"去掉规则 {change.rule_was}"
    return f"{change.place}{' +' if change.added else ''}{'、'.join(change.added)}{' -' if change.removed else ''}{'、'.join(change.removed)}"[:300]


@router.post("/settings/words/try")
def attempt(visitor: Posting, given: Change, whole: Text = "") -> Response:
    visitor.need("words", _NO_RIGHT)
    change = given.change
    tried = desk_of(visitor).rehearse(change, who(visitor), bool(whole))
    if tried.rehearsal is None:
        return _index(visitor, typed=change, problems=tried.faults, status=400)
    return _tried(visitor, change, given.form, tried)


def _tried(visitor: Visitor, change: WordChange, form: str, tried: Tried) -> Response:
    bureau = visitor.office.bureau()
    v = bureau.vocabulary
    hidden = {"form": form, "place": change.place, "added": "\n".join(change.added), "removed": "\n".join(change.removed), "rule_was": change.rule_was, **change.rule}
    return page(visitor, "settings/words_try.html", "/settings", section="words", sections=sections(visitor), change=change, hidden=hidden, mark=tried.mark,
                made=tried.rehearsal, warnings=[p for p in tried.problems if p.warning], place=next((p.name for p in places(v) if p.key == change.place), change.place),
                names={t.id: t.name for t in v.topics}, units={u.id: u.label for u in bureau.units}, effects=EFFECTS, kinds=KINDS, shown=SHOWN)


@router.post("/settings/words")
def save(visitor: Posting, given: Change, mark: Text = "") -> Response:
    visitor.need("words", _NO_RIGHT)
    change = given.change
    faults = tuple(p for p in desk_of(visitor).save(change, who(visitor), mark[:100]) if not p.warning)
    office = visitor.office
    office.store.audit(visitor.user.name, "words_change", _told(change), "refused" if faults else "ok", office.clock.now())
    return _index(visitor, typed=change, problems=faults, status=409) if faults else RedirectResponse("/settings/words?saved=1", 303)
