"""The numbers of the digest: they are the store's, and the parts make the totals."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from dashboards import digest as numbers
from dashboards import digest_docx, digest_xlsx
from dashboards.weeks import week_of
from dashboards_office import NOW, client_as, outlet, world
from docx import Document
from model.credit import LedgerRow, OutletClass, Scheme
from model.outlet import Tier


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    made = world(tmp_path_factory.mktemp("digest"))
    made.fill()
    return made


def of(made, moment=NOW):
    return numbers.build(made.store, made.office.bureau(), *week_of(moment), NOW)


def test_every_number_is_the_store_s(made):
    digest = of(made)
    held = made.store.clippings_between(*week_of(NOW))
    ours = [c for c in held if c.outlet_id != "own"]
    firsts = sum(c.is_first for c in ours)
    assert (digest.total, digest.firsts, digest.reposts, digest.own_total) == (len(ours), firsts, len(ours) - firsts, 1)
    assert (digest.total, digest.firsts, digest.reposts, digest.previous_total) == (6, 4, 2, 1)
    assert {(c.name, c.pieces, c.firsts, c.reposts) for c in digest.classes} == {("中央媒体", 1, 1, 0), ("省级媒体", 1, 0, 1), ("市级媒体", 2, 2, 0),
        ("其他", 2, 1, 1)}
    assert [i.article_id for i in digest.items] == [c.id for c in ours]
    assert [i.id for i in digest.incidents] == [i.id for i in made.store.incidents_between(*week_of(NOW))] and len(digest.incidents) == 1
    assert numbers.check(digest) == []


def test_ranking_counts_a_counter_entry_away(made):
    rows = {s.unit_id: (s.cents, s.pieces, dict(s.by_class), s.rank) for s in of(made).standings}
    assert rows["zy"] == (1000, 1, {"central": 1}, 1) and rows["yy"] == (300, 1, {"city": 1}, 2) and rows["dq"] == (0, 0, {}, 1)
    total = Counter()
    for row in made.store.ledger_between(*week_of(NOW)):
        total[row.unit_id] += row.cents
    assert {u: c for u, (c, *_) in rows.items() if c} == {u: c for u, c in total.items() if c}


def test_a_vetoed_unit_has_no_rank_on_page_and_paper(tmp_path):
    made = world(tmp_path)
    made.fill()
    with made.store.write() as w:
        w.add_ledger(LedgerRow(0, NOW - timedelta(hours=1), "zy", 0, 0, "sample@1", "", "", 0, "2026Q4", "瞒报，一票否决", "瞒报", kind="veto"))
    row = next(s for s in of(made).standings if s.unit_id == "zy")
    assert row.vetoed and row.rank == 0 and numbers.check(of(made)) == []
    for path in ("/credits", "/digest", "/units/zy"):
        assert "否决" in client_as(made, "admin").get(path).text, path
    digest_docx.write(of(made), tmp_path / "a.docx")
    assert any(c.text == "否决" for t in Document(str(tmp_path / "a.docx")).tables for r in t.rows for c in r.cells)


def test_the_number_is_the_iso_week():
    assert numbers.issue_number(week_of(NOW)[0]) == "〔2026〕第47期"
    assert numbers.issue_number(week_of(NOW + timedelta(days=41))[0]) == "〔2026〕第53期"     # 1 January 2027 lies in it


def test_coverage_is_honest(made):
    coverage = of(made).coverage
    assert (coverage.outlets, coverage.read, coverage.failed, coverage.silent) == (2, 1, ("云川在线",), ())
    assert coverage.quarantined == 0 and coverage.as_of == NOW


def test_an_outlet_counts_by_name_before_tier_and_else_as_other(tmp_path):
    scheme = Scheme("s", "2", "办法", "2026-01-01", classes=(OutletClass("a", "甲", 1, tiers=("municipal",)), OutletClass("b", "乙", 2,
        outlets=("shi",))))
    made = world(tmp_path, schemes=(scheme,), outlets=(outlet("shi", "云川日报", Tier.MUNICIPAL), outlet("bao", "晚报", Tier.MUNICIPAL),
        outlet("men", "门户", Tier.PORTAL)))
    for name in ("shi", "bao", "men"):
        made.clip(f"{name} 的云川市人民医院稿件", outlet=name)
    assert {i.outlet: i.class_name for i in of(made).items} == {"云川日报": "乙", "晚报": "甲", "门户": "其他"}


def test_the_scheme_in_force_in_that_week_counts(tmp_path):
    old = Scheme("s", "1", "旧", "2026-01-01", "2026-11-15", classes=(OutletClass("x", "旧类", 1, tiers=("municipal",)),))
    new = Scheme("s", "2", "新", "2026-11-16", classes=(OutletClass("y", "新类", 1, tiers=("municipal",)),))
    made = world(tmp_path, schemes=(old, new))
    made.clip("这周的云川市人民医院稿件")
    made.clip("上周的云川市人民医院稿件", age=timedelta(days=8))
    assert [i.class_name for i in of(made).items] == ["新类"] and [i.class_name for i in of(made, NOW - timedelta(days=7)).items] == ["旧类"]


def test_no_scheme_no_data_no_fault(tmp_path):
    made = world(tmp_path, schemes=())
    assert of(made).total == 0 and numbers.check(of(made)) == []
    made.clip("云川市人民医院的一篇")
    assert [(c.name, c.pieces) for c in of(made).classes] == [("其他", 1)] and numbers.check(of(made)) == []


@pytest.mark.parametrize("change, said", [
    ({"total": 7}, "各类别篇数：总数 7，分项合计 6"), ({"firsts": 5}, "首发与转载"), ({"items": ()}, "稿件清单：总数 6，分项合计 0"), ({"own_total": 3}, "自有平台清单")])
def test_what_does_not_add_up_is_named_and_never_becomes_a_document(made, tmp_path, change, said):
    wrong = replace(of(made), **change)
    assert any(said in line for line in numbers.check(wrong))
    for write, name in ((digest_docx.write, "a.docx"), (digest_xlsx.write, "a.xlsx")):
        with pytest.raises(numbers.DoesNotAddUp):
            write(wrong, tmp_path / name)
        assert not (tmp_path / name).exists()


def test_a_class_whose_parts_are_wrong_is_named(made):
    digest = of(made)
    broken = replace(digest, classes=(replace(digest.classes[0], firsts=9), *digest.classes[1:]))
    assert any("中央媒体" in line for line in numbers.check(broken))
