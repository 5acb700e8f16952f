"""Every number of every form, not some: all that stand in Word, PDF, mail, page and workbook are read and compared, as a whole, with what is
counted here from the store's own rows.  A number too many, too few or another one fails."""

import io
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from dashboards import show
from dashboards.weeks import local, span_at, span_before
from dashboards_office import NOW, SCHEME, client_as, world
from docx import Document
from openpyxl import load_workbook
from selectolax.lexbor import LexborHTMLParser as HTMLParser

CLASSES = {"guojia": "中央媒体", "sheng": "省级媒体", "shi": "市级媒体"}
_DATES = re.compile(r"〔\d+〕第\d+期|\d{4}年|\d+月\d+日|\d+月|\d{4}-\d{2}(?:-\d{2})?|\d{2}[-/]\d{2}|\d{1,2}:\d{2}")
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    made = world(tmp_path_factory.mktemp("numbers"), schemes=(replace(SCHEME, quota_per_month=4),))
    made.fill()
    made.clip("云川市中医院公布服务价格", unit="zy", outlet="sheng", age=timedelta(hours=50), page_no="3", position="头版头条")
    made.clip("云川市东桥区卫生健康局部署冬季防病", "云川市东桥区卫生健康局部署冬季防病工作。", unit="dq", age=timedelta(hours=51))
    made.clip("前期的又一篇旧稿", age=timedelta(days=9))
    return made


class Facts:
    """Counted from the rows of the store, by other means than the digest's."""

    def __init__(self, made, kind: str):
        self.store, self.bureau, self.span = made.store, made.office.bureau(), span_at(kind, NOW)
        since, until = self.span.since, self.span.until
        whole = made.store.clippings_between(since, until)
        self.ours = [c for c in whole if c.outlet_id != "own"]
        self.own = [c for c in whole if c.outlet_id == "own"]
        before = span_before(self.span)
        self.past = [c for c in made.store.clippings_between(before.since, before.until) if c.outlet_id != "own"]
        self.incidents = made.store.incidents_between(since, until)
        self.names = [n for n in (*CLASSES.values(), "其他") if n != "其他" or any(map(self.other, self.ours + self.past))]

    @staticmethod
    def other(c) -> bool:
        return c.outlet_id not in CLASSES

    def of(self, rows, name: str) -> list:
        return [c for c in rows if CLASSES.get(c.outlet_id, "其他") == name]

    @staticmethod
    def firsts(rows) -> int:
        return sum(c.is_first for c in rows)

    def copies(self, c) -> int:
        return len(self.store.story_copies(c.story.id))

    def negative(self, rows) -> int:
        return sum(any(j.label.value == "N" for j in c.judgements) for c in rows)

    def units(self) -> list[tuple[str, list]]:
        found = [(u.label, [c for c in self.ours if u.id in c.unit_ids]) for u in self.bureau.units]
        return sorted(((n, rows) for n, rows in found if rows), key=lambda f: (-len(f[1]), -self.firsts(f[1])))

    def classes(self) -> list[list[object]]:
        rows = [[len(self.of(self.ours, n)), _share(len(self.of(self.ours, n)), len(self.ours)), self.firsts(self.of(self.ours, n)),
                 len(self.of(self.ours, n)) - self.firsts(self.of(self.ours, n)), len(self.of(self.past, n))] for n in self.names]
        return [*rows, [len(self.ours), "100.0%", self.firsts(self.ours), len(self.ours) - self.firsts(self.ours), len(self.past)]]

    def days(self) -> list[list[int]]:
        first, count = local(self.span.since).date(), (self.span.until - self.span.since).days
        used = [n for n in self.names if self.of(self.ours, n)]
        made = []
        for day in (first + timedelta(days=n) for n in range(count)):
            rows = [c for c in self.ours if local(c.article.published).date() == day]
            made.append([*(len(self.of(rows, n)) for n in used), len(rows)])
        return made

    def ranks(self) -> list[list[object]]:
        cents, pieces, group = Counter(), Counter(), {u.id: u.group for u in self.bureau.units}
        for row in self.store.ledger_between(self.span.since, self.span.until):
            cents[row.unit_id] += row.cents
            pieces[row.unit_id] += 1 if row.corrects is None else -1
        return [[1 + sum(cents[o] > cents[u] for o in cents if group[o] == group[u]), pieces[u], f"{cents[u] / 100:.2f}"] for u in cents]

    def tasks(self) -> list[list[int]]:
        if self.span.kind == "week":
            return []
        adopted = Counter()
        for row in self.store.ledger_between(self.span.since, self.span.until):
            adopted[row.unit_id] += 1 if row.corrects is None else -1
        handed = Counter(c.unit_id for c in self.store.claims() if self.span.since <= c.handed_in < self.span.until)
        return [[handed[u.id], adopted[u.id], 4] for u in self.bureau.units if not u.is_bureau]

    def coverage(self) -> list[int]:
        return [2, 1, 0, 1, self.store.page_counts(self.span.since).get("quarantined", 0)]

    def failures(self) -> list[object]:
        """What is told of a source that fails: how often, with which answer."""
        return _flat([s.failures, s.fail_kind.rpartition("_")[2]] for s in self.store.source_states() if s.failures)

    def summary(self) -> list[object]:
        used = [len(self.of(self.ours, n)) for n in self.names if self.of(self.ours, n)]
        moved = abs(len(self.ours) - len(self.past))
        states = Counter(i.state for i in self.incidents)
        return [len(self.ours), *used, len(self.past), *([moved] if moved else []), self.firsts(self.ours), len(self.ours) - self.firsts(self.ours),
                *(len(rows) for _, rows in self.units()[:3]), self.negative(self.ours), len(self.incidents), *states.values(), len(self.own)]

    def items(self) -> list[object]:
        """Headings and rows: number in the list, page, copies where there are more."""
        said: list[object] = []
        for rows in (*(self.of(self.ours, n) for n in self.names), self.own):
            said += range(1, len(rows) + 1)
            said += [c.article.page_no for c in rows if c.article.page_no]
            said += [self.copies(c) for c in rows if self.copies(c) > 1]
        return said + [len(self.of(self.ours, n)) for n in self.names if self.of(self.ours, n)]

    def paper(self) -> list[object]:
        """All numbers of the paper, pictures left out."""
        own = [len(self.own), *[n for pair in [(len(self.own), self.firsts(self.own))] * 2 for n in pair]]     # the sentence, the line, the sum
        tasks = self.tasks()
        return [*self.summary(), *_flat(self.classes()), *_flat([i.outlets, i.articles] for i in self.incidents), *self.items(), *_flat(self.ranks()), *own,
                *self.coverage(), *self.failures(), *_flat(tasks), *([sum(t[0] for t in tasks), sum(t[1] for t in tasks)] if tasks else [])]

    def tables(self) -> list[object]:
        """The tables beside the pictures."""
        top = max((self.store.story_copies(c.story.id) for c in self.ours), key=len)
        return [*_flat(self.days()), *_flat([len(self.of(self.ours, n)), _share(len(self.of(self.ours, n)), len(self.ours))] for n in self.names),
                *_flat([len(r), self.firsts(r), self.negative(r)] for _, r in self.units()), *range(1, len(top) + 1)]

    def bars(self) -> list[object]:
        """The bars of the mail."""
        top = max((self.store.story_copies(c.story.id) for c in self.ours), key=len)
        return [*(d[-1] for d in self.days()[-16:]), *(len(self.of(self.ours, n)) for n in self.names), *(len(r) for _, r in self.units()), *range(1, len(top) + 1)]

    def titles(self) -> list[str]:
        return sorted((c.article.title for c in self.store.clippings_between(self.span.since - timedelta(days=40), self.span.until)), key=len, reverse=True)


def _share(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.1f}%"


def _flat(rows) -> list[object]:
    return [value for row in rows for value in row]


def counted(values) -> Counter:
    return Counter(str(v) for v in values)


def found(text: str, facts: Facts) -> Counter:
    for title in facts.titles():
        text = text.replace(title, "")
    text = re.sub(r"http://\S+|此前的均已办结|Ⅳ|附件", "", text)
    text = re.sub(r"一起纠纷", "", text)
    return Counter(_NUMBER.findall(_DATES.sub(" ", text)))


@pytest.fixture(scope="module", params=["week", "month"])
def facts(request, made):
    return Facts(made, request.param)


def differing(shown: Counter, wanted: Counter) -> dict[str, tuple[int, int]]:
    return {n: (shown[n], wanted[n]) for n in sorted(shown | wanted) if shown[n] != wanted[n]}


def test_word(made, facts):
    paper = Document(io.BytesIO(made.office.digests.file(facts.span, "docx")[2]))
    text = "\n".join([*(p.text for p in paper.paragraphs), *(c.text for t in paper.tables for r in t.rows for c in r.cells)])
    assert differing(found(text, facts), counted(facts.paper())) == {}


def test_pdf(made, facts, tmp_path):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not on this machine")
    path = tmp_path / "a.pdf"
    path.write_bytes(made.office.digests.file(facts.span, "pdf")[2])
    page = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True).stdout
    shown = Counter(_NUMBER.findall(_DATES.sub(" ", re.sub(r"http://\S+", "", re.sub(r"\s+", " ", page)))))
    wanted = counted(facts.paper())
    missing = {n: (shown[n], wanted[n]) for n in wanted if shown[n] < wanted[n]}         # the words inside the pictures and page numbers come on top
    assert missing == {}


def test_mail(made, facts):
    tree = HTMLParser(made.office.digests.file(facts.span, "mail")[2].decode())
    assert differing(found(tree.body.text(separator=" "), facts), counted([*facts.paper(), *facts.bars()])) == {}


def test_page(made, facts):
    tree = HTMLParser(client_as(made, "reader").get(f"/digest/{facts.span.key}").text).css_first("article.paper")
    for extra in tree.css(".noprint, script, noscript, .chart-data, [data-chart]"):
        extra.decompose()
    assert differing(found(tree.text(separator=" "), facts), counted([*facts.paper(), *facts.tables()])) == {}


def test_workbook(made, facts):
    book = load_workbook(io.BytesIO(made.office.digests.file(facts.span, "xlsx")[2]))

    def numbers(name: str) -> Counter:
        return Counter(v for r in book[name].iter_rows(values_only=True) for v in r if isinstance(v, (int, float)) and not isinstance(v, bool))

    store, ours = facts.store, facts.ours
    doubt = sum(show.standing_of(c) == "首发未确认" for c in ours)
    classes = [float(v[:-1]) / 100 if isinstance(v, str) else v for v in _flat(facts.classes())]
    assert numbers("总览") == Counter([len(ours), len(facts.past), facts.firsts(ours), len(ours) - facts.firsts(ours), doubt, facts.negative(ours), len(facts.own),
                                     len(facts.incidents), 0, *classes])
    pieces = [*ours, *facts.own]
    assert numbers("稿件") == Counter([*range(1, len(pieces) + 1), *(facts.copies(c) for c in pieces)])
    assert numbers("舆情") == Counter(_flat([i.outlets, i.articles] for i in facts.incidents))
    assert numbers("单位") == Counter([*_flat([len(r), facts.firsts(r), len(r) - facts.firsts(r), facts.negative(r)] for _, r in facts.units()),
                                     len(facts.own), facts.firsts(facts.own)])
    ranks = {u.id for u in facts.bureau.units} - {r.unit_id for r in store.ledger_between(facts.span.since, facts.span.until)}
    held = [[c.value for c in r] for r in book["积分"].iter_rows(min_row=2)]
    assert Counter((r[4], r[5]) for r in held if r[5]) == Counter((p, float(c)) for _, p, c in facts.ranks()) and sum(not r[5] for r in held) == len(ranks)
    days = [[c.value for c in r][1:] for r in book["走势"].iter_rows(min_row=2)]
    assert [r[-1] for r in days] == [d[-1] for d in facts.days()] and [sum(c) for c in zip(*days)] == [*(len(facts.of(ours, n)) for n in facts.names), len(ours)]
    assert numbers("采集") == Counter(facts.coverage())
    if facts.tasks():
        assert numbers("报送采用") == Counter(_flat(facts.tasks()))
