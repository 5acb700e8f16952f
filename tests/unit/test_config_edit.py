"""Edits keep comments, are checked first, are whole or not at all, and leave the version before; a running program takes them up."""

import re
import threading

import pytest

from config.edit import change, save, versions
from config.init import make
from config.load import load_bureau
from config.watch import Watched, changed, fingerprint
from model.errors import ConfigError
from test_config_folder import GOOD, write


@pytest.fixture
def folder(tmp_path):
    return write(tmp_path, GOOD)


def text(folder, name="units.yaml"):
    return (folder / name).read_text(encoding="utf-8")


COMMENTED = """\
# 单位名册
units:
  # 本委
  - id: wjw              # 不要改
    name: "云川市卫生健康委员会"
    is_bureau: true

  - id: rmyy
    name: 云川市人民医院     # 三甲
    aliases:
      - {name: 市人民医院, ambiguous: true}
"""


def test_comments_order_and_quotes_survive_a_change(folder):
    (folder / "units.yaml").write_text(COMMENTED, encoding="utf-8")

    def add(document):
        document["units"][1]["short"] = "人民医院"
        document["units"].append({"id": "cdc", "name": "云川市疾病预防控制中心"})

    assert change(folder, "units.yaml", add) == []
    after = text(folder)
    kept = [line for line in COMMENTED.splitlines() if line not in after.splitlines()]
    assert kept == []
    assert [u.id for u in load_bureau(folder).units] == ["wjw", "rmyy", "cdc"] and load_bureau(folder).unit("rmyy").short == "人民医院"


def test_a_change_that_alters_nothing_writes_nothing_new(folder):
    (folder / "units.yaml").write_text(COMMENTED, encoding="utf-8")
    assert change(folder, "units.yaml", lambda document: None) == []
    assert text(folder) == COMMENTED and versions(folder, "units.yaml") == []


def test_the_template_can_be_changed_and_keeps_every_comment(tmp_path):
    folder = tmp_path / "made"
    make(folder)
    changes = {"settings.yaml": {"workers": 3}, "words.yaml": {"frames": ["某词"]}, "bureau.yaml": {"office": "办公室"},
               "rules.yaml": {"levels": [{"level": "III", "when": {"outlets": 3}}]}, "schemes/current.yaml": {"quota_per_month": 4},
               "outlets.yaml": {"without": ["toutiao"]}, "units.yaml": {}}
    for name, values in changes.items():
        before = [part.strip() for part in re.findall(r"#.*", text(folder, name))]
        assert change(folder, name, lambda document: document.update(values)) == []
        assert [part.strip() for part in re.findall(r"#.*", text(folder, name))] == before, name
    bureau = load_bureau(folder)
    assert (bureau.settings.workers, bureau.office, bureau.schemes[0].quota_per_month) == (3, "办公室", 4)
    assert "某词" in bureau.vocabulary.frames and bureau.outlet("toutiao") is None
    assert [r.when for r in bureau.levels if r.level == 3] == [{"outlets": 3}]


@pytest.mark.parametrize("hostile", ["# \ud800\n", "a\x00", "name: \x07\n", "- a\n", "workers: [", "&a x", "web: *b"])
def test_hostile_text_is_a_problem_and_never_written(folder, hostile):
    before = text(folder, "settings.yaml")
    assert not all(p.warning for p in save(folder, "settings.yaml", hostile))
    assert text(folder, "settings.yaml") == before and not list(folder.glob(".*.half"))


def test_a_change_of_a_file_with_an_impossible_day_is_told(folder):
    (folder / "schemes/a.yaml").write_text(GOOD["schemes/a.yaml"].replace("2026-01-01", "2026-02-30"), encoding="utf-8")
    assert "写错的值" in change(folder, "schemes/a.yaml", lambda document: document.update(reposts="sum"))[0].message


def test_a_failing_change_leaves_the_file_and_frees_the_folder(folder):
    before = text(folder)
    with pytest.raises(KeyError):
        change(folder, "units.yaml", lambda document: document["nothing"])
    assert text(folder) == before and change(folder, "units.yaml", lambda document: document["units"][0].update(short="市委")) == []


def test_a_list_written_flush_left_stays_so(folder):
    flush = "units:\n- id: wjw # 甲\n  name: 云川市卫生健康委员会\n  is_bureau: true\n"
    (folder / "units.yaml").write_text(flush, encoding="utf-8")
    (folder / "outlets.yaml").write_text("include: [national]\n", encoding="utf-8")
    change(folder, "units.yaml", lambda document: document["units"][0].update(short="市卫健委"))
    assert text(folder) == flush + "  short: 市卫健委\n"


def test_a_broken_edit_is_refused_and_the_file_stays(folder):
    before = text(folder)
    found = save(folder, "units.yaml", before.replace("parent: wjw", "parent: nobody"))
    assert [(p.file, p.line) for p in found] == [("units.yaml", 10)] and "nobody" in found[0].message
    assert text(folder) == before and versions(folder, "units.yaml") == []
    assert save(folder, "units.yaml", "units: [")[0].message.startswith("YAML")
    assert text(folder) == before


def test_an_edit_that_breaks_another_file_is_refused(folder):
    write(folder, {"outlets.yaml": GOOD["outlets.yaml"] + "    own_unit: rmyy\n    fields: []\n"})
    without = GOOD["units.yaml"].split("  - id: rmyy")[0]
    found = save(folder, "units.yaml", without)
    assert [(p.file, p.line) for p in found] == [("outlets.yaml", 9)] and "rmyy" in text(folder)


def test_a_broken_folder_can_be_mended_file_by_file(folder):
    (folder / "bureau.yaml").write_text("id: yc\n", encoding="utf-8")
    (folder / "settings.yaml").write_text("wrong: 1\n", encoding="utf-8")
    assert save(folder, "settings.yaml", "workers: 1\n") == []
    assert save(folder, "bureau.yaml", GOOD["bureau.yaml"]) == []
    assert load_bureau(folder).settings.workers == 1


def test_versions_are_kept_newest_first_and_bounded(folder):
    for number in range(1, 54):
        assert save(folder, "settings.yaml", f"web: {{port: {8000 + number}}}\n") == []
    kept = versions(folder, "settings.yaml")
    assert len(kept) == 50 and kept[0].read_text(encoding="utf-8") == "web: {port: 8052}\n"


def test_a_new_scheme_may_be_saved_and_strange_names_may_not(folder):
    later = GOOD["schemes/a.yaml"].replace('"1"', '"2"').replace("2026-01-01", "2027-01-01")
    assert save(folder, "schemes/a.yaml", GOOD["schemes/a.yaml"] + "until: 2026-12-31\n") == []
    assert save(folder, "schemes/2027.yaml", later) == []
    assert [s.version for s in load_bureau(folder).schemes] == ["1", "2"]
    for name in ("../evil.yaml", "schemes/../../evil.yaml", "/etc/passwd", "var/x.yaml", "schemes/.x.yaml", "units.yaml\n"):
        assert save(folder, name, "a: 1\n")[0].message == "不能改这个文件"
        assert change(folder, name, lambda document: None)[0].message == "不能改这个文件"
    assert not (folder.parent / "evil.yaml").exists()


def test_an_edit_on_an_older_text_is_refused(folder):
    opened = text(folder, "settings.yaml")
    assert save(folder, "settings.yaml", "workers: 1\n", base=opened) == []
    assert "别人已经改过" in save(folder, "settings.yaml", "workers: 2\n", base=opened)[0].message
    assert text(folder, "settings.yaml") == "workers: 1\n"


def test_lines_of_a_browser_are_taken_as_lines(folder):
    assert save(folder, "settings.yaml", "workers: 1\r\n# 说明\r\nweb: {port: 9000}") == []
    assert (folder / "settings.yaml").read_bytes() == "workers: 1\n# 说明\nweb: {port: 9000}\n".encode()


def test_many_editors_at_once_lose_nothing(folder):
    def edit(number):
        change(folder, "units.yaml", lambda document: document["units"].append({"id": f"u{number}", "name": f"云川第{number}医院"}))

    threads = [threading.Thread(target=edit, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {f"u{n}" for n in range(6)} <= {u.id for u in load_bureau(folder).units}
    assert not list(folder.glob(".*.half"))


def test_a_changed_folder_is_taken_up_and_a_broken_one_refused(folder):
    watched = Watched(folder)
    first = watched.current()
    assert watched.current() is first and not watched.broken
    mark = fingerprint(folder)
    assert not changed(folder, mark)

    (folder / "settings.yaml").write_text("workers: 3\n", encoding="utf-8")
    assert changed(folder, mark) and watched.current().settings.workers == 3

    (folder / "settings.yaml").write_text("workers: many\n", encoding="utf-8")
    assert watched.current().settings.workers == 3
    assert watched.broken and [(p.file, p.line) for p in watched.problems] == [("settings.yaml", 1)]

    (folder / "settings.yaml").write_text("workers: 4\n", encoding="utf-8")
    assert watched.current().settings.workers == 4 and not watched.broken and watched.problems == ()


def test_a_new_scheme_file_is_seen(folder):
    watched = Watched(folder)
    (folder / "schemes" / "b.yaml").write_text("include: nothing\n", encoding="utf-8")
    assert watched.broken and len(watched.current().schemes) == 1


def test_the_first_reading_must_be_good(folder):
    (folder / "units.yaml").unlink()
    with pytest.raises(ConfigError, match="units.yaml: 缺少这个文件"):
        Watched(folder)
