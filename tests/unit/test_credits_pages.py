"""The pages of credits over a real port: who may see and do what, from a waiting credit to the circular."""

import re
from dataclasses import replace

import pytest
from dashboards_office import SCHEME, client_as, token_on, world
from docx import Document
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from model.credit import AwardRule, Quota
from model.ledger import replay
from pipelines.credits import reconcile

PATHS = ("/credits/nods", "/credits/appeals", "/credits/awards", "/credits/periods", "/credits/preview", "/credits/reconcile")
SCRIPT = "<script>alert('x')</script>\"'><img src=x>"


@pytest.fixture
def made(tmp_path):
    scheme = replace(SCHEME, auto="ask", quotas=(Quota("month", 1, "adopted", cents=100),), awards=(AwardRule("instruction", "领导批示", 1500),))
    made = world(tmp_path, schemes=(scheme,))
    made.match = lambda number: reconcile(made.store, made.story_of(number), made.office.bureau().scheme_on, made.clock.now(), made.office.bureau().outlet)
    made.number = made.clip("云川市人民医院开设夜间门诊")
    made.match(made.number)
    return made


def post(client, path, page="/credits", **data):
    return client.post(path, data={"csrf": token_on(client.get(page)), **data})


def cents(made, unit="yy"):
    held = replay(made.store.ledger(period="2026Q4", limit=1000))
    return held[unit].cents if unit in held else 0


@pytest.mark.parametrize("role", ["duty", "reader", "unit"])
def test_only_the_secretariat_keeps_the_ledger(made, role):
    client = client_as(made, role)
    for path in PATHS:
        assert client.get(path).status_code == 403, path
    token = token_on(client.get("/password"))
    for path in ("/credits/nods/1", "/credits/awards", "/credits/rows/1/correct", "/credits/appeals/1", "/credits/periods/2026Q4", "/credits/circular/2026Q4/docx"):
        assert client.post(path, data={"csrf": token, "act": "accept", "reason": "x"}).status_code == 403, path
    assert made.store.ledger() == []


def test_a_form_without_its_token_does_nothing(made):
    client = client_as(made, "secretariat")
    assert client.post("/credits/nods/1", data={"act": "accept"}).status_code == 403 and made.store.ledger() == []


def test_the_nod_books_and_the_refusal_needs_its_reason(made):
    client = client_as(made, "secretariat")
    shown = client.get("/credits/nods")
    assert "云川市人民医院开设夜间门诊" in shown.text and "市级媒体 3.00 × 1 = 3.00" in shown.text
    refused = post(client, "/credits/nods/1", act="refuse", reason="")
    assert refused.status_code == 409 and "须写明理由" in refused.text
    assert post(client, "/credits/nods/1", act="accept").status_code == 200 and cents(made) == 300
    assert made.store.ledger()[0].passed_by == "秘书处甲"
    assert post(client, "/credits/nods/1", act="accept").status_code == 409 and cents(made) == 300
    assert [r[2] for r in made.store.audit_rows(20)].count("credit_accept") == 1


def test_an_award_a_correction_and_their_refusals(made):
    client = client_as(made, "admin")
    post(client, "/credits/nods/1", act="accept")
    assert post(client, "/credits/awards", unit="yy", rule="instruction", period="2026Q4", reason="市长批示").status_code == 200 and cents(made) == 1800
    assert "依据" in post(client, "/credits/awards", unit="yy", rule="instruction", period="2026Q4", reason=" ").text and cents(made) == 1800
    wrong = post(client, "/credits/rows/1/correct", reason="错了", cents="三分")
    assert wrong.status_code == 409 and "分值“三分”不对" in wrong.text
    assert post(client, "/credits/rows/1/correct", reason="应按省级", cents="6").status_code == 200 and cents(made) == 2100
    account = client.get("/credits/unit/yy").text
    for said in ("更正 3.00 → 6.00", "领导批示 15.00", "市长批示", "记入：管理员甲", "类别“市级媒体”"):
        assert said in account, said
    assert post(client, "/credits/rows/999/correct", reason="x").status_code == 404


def test_a_unit_reads_its_account_appeals_and_gets_the_answer(made):
    post(client_as(made, "secretariat"), "/credits/nods/1", act="accept")
    unit, desk = client_as(made, "unit"), client_as(made, "secretariat")
    assert unit.get("/credits/unit").url.path == "/credits/unit/yy" and unit.get("/credits/unit/zy").status_code == 404
    assert unit.get("/credits/unit/zy/docx").status_code == 404 and unit.get("/credits/circular").status_code == 403
    assert "请写明申诉的理由" in post(unit, "/credits/unit/yy/appeal", "/credits/unit/yy", text="嗯", row="1", period="2026Q4").text
    assert post(unit, "/credits/unit/yy/appeal", "/credits/unit/yy", text=f"应按省级媒体计分{SCRIPT}", row="第1号", period="2026Q4").status_code == 200
    assert post(unit, "/credits/unit/zy/appeal", "/credits/unit/yy", text="替别家申诉", period="2026Q4").status_code == 403
    asked = desk.get("/credits/appeals")
    assert "应按省级媒体计分" in asked.text and not HTMLParser(asked.text).css("main img") and "<script>alert" not in asked.text
    assert post(desk, "/credits/appeals/1", act="reject", text="").status_code == 409
    assert post(desk, "/credits/appeals/1", act="reject", text="该媒体属市级").status_code == 200
    assert "该媒体属市级" in unit.get("/credits/unit/yy").text


def test_a_period_is_closed_and_reopened_with_its_reason(made):
    client = client_as(made, "secretariat")
    assert "还没有结束" in post(client, "/credits/periods/2026Q4", act="close").text
    assert "结账时将记" in client.get("/credits/periods").text
    post(client, "/credits/nods/1", act="accept")
    assert post(client, "/credits/periods/2026Q4", act="close", anyway="1", reason="提前结账").status_code == 200
    assert cents(made) == 300 - 200 and cents(made, "zy") == -300
    frozen = post(client, "/credits/awards", unit="yy", rule="instruction", period="2026Q4", reason="晚到的批示")
    assert frozen.status_code == 400 and "已结账" in frozen.text and cents(made) == 100
    assert "须写明理由" in post(client, "/credits/periods/2026Q4", act="reopen", reason=" ").text
    assert post(client, "/credits/periods/2026Q4", act="reopen", reason="补录").status_code == 200 and cents(made) == 300
    assert post(client, "/credits/periods/1999Q1", act="close").status_code == 404


def test_the_circular_is_shown_and_handed_out(made, tmp_path):
    client = client_as(made, "secretariat")
    post(client, "/credits/nods/1", act="accept")
    shown = client.get("/credits/circular").text
    assert "共刊登1篇，其中市级媒体1篇。" in shown and "关于2026年第四季度宣传信息报送和采用情况的通报" in shown
    for suffix in ("docx", "xlsx"):
        answer = post(client, f"/credits/circular/2026Q4/{suffix}", number="云卫〔2026〕3号", to="各单位", copies_to="市委宣传部、市医改办", demands="一是按时报送。\n二是提高质量。")
        assert answer.content[:2] == b"PK" and f"circular-2026Q4.{suffix}" in answer.headers["content-disposition"]
        (tmp_path / f"a.{suffix}").write_bytes(answer.content)
    text = "\n".join(p.text for p in Document(str(tmp_path / "a.docx")).paragraphs)
    assert "云卫〔2026〕3号" in text and "二是提高质量。" in text
    refused = post(client, "/credits/circular/2026Q4/docx", number="云卫〔20**〕X号")
    assert refused.status_code == 409 and "留有未填的内容" in refused.text and 'value="云卫〔20**〕X号"' in refused.text
    for path in ("/credits/unit/yy/docx", "/credits/unit/yy/xlsx", "/credits/annual/2026/docx", "/credits/annual/2026/xlsx"):
        assert client.get(path).content[:2] == b"PK", path
    for path in ("/credits/unit/yy/pdf", "/credits/annual/1999/docx", "/credits/unit/nobody"):
        assert client.get(path).status_code == 404, path


def test_a_preview_lays_two_policies_side_by_side(made):
    made.clip("江南云川：夜间门诊进医院", outlet="sheng", story=made.story_of(made.number))
    client = client_as(made, "secretariat")
    shown = HTMLParser(client.get("/credits/preview?reposts=highest").text)
    row = next([c.text() for c in r.css("td")] for r in shown.css("tbody tr") if "市人民医院" in r.text())
    assert row == ["市直医院", "市人民医院", "1", "2.00", "1", "1", "5.00", "1", "+3.00", ""]     # October without a piece cost 1.00
    assert "江南云川" in shown.text() and made.store.ledger() == []
    assert client.get(f"/credits/preview?scheme={SCRIPT}&reposts={SCRIPT}&period={SCRIPT}").status_code == 200


def test_every_page_renders_with_nothing_and_with_hostile_names(tmp_path):
    made = world(tmp_path / "a", schemes=()) if (tmp_path / "a").mkdir() is None else None
    client = client_as(made, "admin")
    for path in ("/credits", *PATHS, "/credits/circular", "/credits/annual", "/credits/unit/yy"):
        assert client.get(path).status_code == 200, path
    (tmp_path / "b").mkdir()
    units = tuple(replace(u, name=f"{u.name}{SCRIPT}", short=SCRIPT, group=SCRIPT) for u in made.office.bureau().units)
    scheme = replace(SCHEME, name=SCRIPT, auto="ask", awards=(AwardRule("a", SCRIPT, 100),), classes=tuple(replace(c, name=SCRIPT) for c in SCHEME.classes))
    hostile = world(tmp_path / "b", units=units, schemes=(scheme,), office=SCRIPT)
    number = hostile.clip(f"云川市人民医院{SCRIPT}")
    for _ in range(2):
        reconcile(hostile.store, hostile.story_of(number), hostile.office.bureau().scheme_on, hostile.clock.now())
    client = client_as(hostile, "admin")
    before = [client.get(path).text for path in ("/credits/nods", "/credits/preview?reposts=sum", "/credits/reconcile")]
    post(client, "/credits/nods/1", act="accept")
    for text in (*before, *(client.get(path).text for path in ("/credits", *PATHS, "/credits/circular", "/credits/annual", "/credits/unit/yy"))):
        assert "<script>alert" not in text and not HTMLParser(text).css("main img") and not re.search(r"on\w+=alert", text)
