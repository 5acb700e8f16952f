"""The bureau's own Word templates are filled with the digest's numbers; a field that does not exist is refused by its name."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from dashboards import digest_template
from dashboards.digest_template import TemplateRefused
from dashboards.weeks import span_at
from dashboards_office import NOW, client_as, world
from docx import Document

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    made = world(tmp_path_factory.mktemp("template"))
    made.fill()
    return made


@pytest.fixture(scope="module")
def digest(made):
    return made.office.digests.digest(span_at("week", NOW))


def template(path, *lines, rows=()):
    paper = Document()
    for line in lines:
        paper.add_paragraph(line)
    if rows:
        table = paper.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, words in zip(table.add_row().cells, row):
                cell.text = words
    paper.save(path)
    return path


def read(data):
    return Document(io.BytesIO(data))


def test_numbers_lists_tables_and_pictures_are_filled(digest, tmp_path):
    data = digest_template.filled(template(
        tmp_path / "a.docx", "{{ 期号 }}共{{ 总数 }}篇，首发{{ 首发 }}篇", "{%p for 稿 in 稿件 %}", "{{ 稿.序号 }}. {{ 稿.标题 }}（{{ 稿.出处 }}）", "{%p endfor %}", "{{ 图_走势 }}",
        rows=[("{%tr for 类 in 类别 %}", ""), ("{{ 类.名称 }}", "{{ 类.篇数 }}"), ("{%tr endfor %}", "")]), digest)
    paper = read(data)
    lines = [p.text for p in paper.paragraphs]
    assert lines[0] == f"{digest.number}共{digest.total}篇，首发{digest.firsts}篇"
    assert [line for line in lines if re.match(r"\d+\. ", line)] == [f"{n}. {i.title}（{i.outlet}）" for n, i in enumerate(digest.items, 1)]
    assert [[c.text for c in r.cells] for r in paper.tables[0].rows] == [[c.name, str(c.pieces)] for c in digest.classes]
    assert len(paper.inline_shapes) == 1


@pytest.mark.parametrize("lines, said", [
    (["{{ 期数 }}"], "字段“期数”不存在"), (["{% for 稿 in 稿件 %}{{ 稿.题目 }}{% endfor %}"], "字段“题目”不存在"), (["{% if 总数 > 100000 %}{{ 没有 }}{% endif %}"], "字段“没有”不存在"),
    (["{% if 稿件[0].没有 %}有{% endif %}"], "字段“没有”不存在"), (["{{ 总数 "], "写法有误"), (["{{ ''.__class__.__mro__ }}"], "写法有误"), (["{{ 期号.__class__ }}"], "不存在"),
    (["{{ 稿件.append(1) }}"], "不存在")])
def test_an_unknown_field_is_refused_by_its_name(digest, tmp_path, lines, said):
    with pytest.raises(TemplateRefused, match=said):
        digest_template.filled(template(tmp_path / "a.docx", *lines), digest)


def test_an_unknown_field_of_an_empty_list_is_refused_too(digest, tmp_path):
    empty = replace(digest, tasks=(), events=(), incidents=())
    for lines, said in ((["{% for 件 in 事件 %}{{ 件.级别 }}{% endfor %}"], "级别"), (["{%p for 类 in 类别 %}", "{%p for 稿 in 类.稿件 %}", "{{ 稿.来历 }}", "{%p endfor %}", "{%p endfor %}"], "来历")):
        with pytest.raises(TemplateRefused, match=f"字段“{said}”不存在"):
            digest_template.filled(template(tmp_path / "a.docx", *lines), empty)


def test_the_list_of_fields_is_that_of_the_values(made):
    made.office.digests.edit(span_at("week", NOW), "李处长", "under", made.office.digests.digest(span_at("week", NOW)).items[0].article_id, "top")
    held = digest_template.fields(made.office.digests.digest(span_at("month", NOW)))
    week = digest_template.fields(made.office.digests.digest(span_at("week", NOW)))
    lists = {name: value for fields in (held, week) for name, value in fields.items() if isinstance(value, list) and value}
    assert {name: tuple(value[0]) for name, value in lists.items()} == digest_template.ROWS


def test_what_is_no_word_file_is_refused(digest, tmp_path):
    (tmp_path / "a.docx").write_bytes(b"nothing")
    with pytest.raises(TemplateRefused):
        digest_template.filled(tmp_path / "a.docx", digest)


def test_outside_text_is_never_read_as_a_field(made, tmp_path):
    made.clip("{{ 期号 }}<w:p>&{% raw %}云川市人民医院")
    digest = made.office.digests.digest(span_at("week", NOW))
    data = digest_template.filled(template(tmp_path / "a.docx", "{%p for 稿 in 稿件 %}", "{{ 稿.标题 }}", "{%p endfor %}"), digest)
    assert "{{ 期号 }}<w:p>&{% raw %}云川市人民医院" in [p.text for p in read(data).paragraphs]


def test_a_template_of_the_bureau_s_folder_is_used_and_a_wrong_one_is_told(made):
    folder = made.office.bureau().folder / "templates"
    folder.mkdir()
    client = client_as(made, "secretariat")
    template(folder / "舆情剪报周报.docx", "本单位模板 {{ 期号 }}")
    assert read(client.get("/digest/2026-W47/docx").content).paragraphs[0].text == "本单位模板 〔2026〕第47期"
    template(folder / "舆情剪报周报.docx", "{{ 期数 }}")
    assert "字段“期数”不存在" in client.get("/digest/2026-W47/docx").text
    assert "字段“期数”不存在" in client.get("/digest/2026-W47/send").text


def test_the_shipped_note_names_every_field(digest):
    told = set(re.findall(r"[\w]+", (ROOT / "config/template/templates/说明.txt").read_text(encoding="utf-8")))
    fields = digest_template.fields(digest)
    inner = {key for value in fields.values() if isinstance(value, list) for row in value[:1] for key in row}
    assert set(fields) | inner | {"图_走势", "图_占比", "图_单位", "图_传播"} <= told
