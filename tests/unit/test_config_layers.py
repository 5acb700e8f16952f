"""The bureau's own files lie over the shipped ones: words, outlets, rules, schemes."""

import pytest

from config.load import load_bureau, load_vocabulary
from model.errors import ConfigError
from test_config_folder import GOOD, write

BASE = """\
topics:
  - {id: T1, name: 甲类, severity: 2, strong: [误诊, 漏诊], weak: [死亡], masked: [误诊率]}
frames: [质疑, 曝光]
flips: {F1: [演练, 专项行动]}
reverse: [所谓]
gaps:
  - {pattern: "拖欠.{0,8}工资", topic: T1}
place_traps: {兴国: [科教兴国]}
"""


def words(tmp_path, own: str):
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "own.yaml").write_text(own, encoding="utf-8")
    return load_vocabulary(tmp_path / "base.yaml", tmp_path / "own.yaml")


def test_a_later_file_adds_words_and_takes_them_out(tmp_path):
    found = words(tmp_path, """\
topics:
  - {id: T1, strong: [错诊, -漏诊, 误诊], severity: 3}
  - {id: W1, name: 本地专题, watch: true, strong: 甲词、乙词}
frames: [-曝光, 举报]
flips: {F1: [-演练], F9: [评优]}
reverse: ["-所谓"]
gaps: ["-拖欠.{0,8}工资", {pattern: "讨.{0,2}薪", effect: flip}]
place_traps: {兴国: [实干兴国], 瑞金: [瑞金路]}
extra: {rumor: [网传]}
provenance: {"T1.strong:错诊": 值班室 2026-11-20}
""")
    first, second = found.topics
    assert (first.name, first.severity, first.strong, first.weak) == ("甲类", 3, ("误诊", "错诊"), ("死亡",))
    assert second.watch and second.strong == ("甲词", "乙词")
    assert found.frames == ("质疑", "举报") and found.reverse == ()
    assert found.flips == {"F1": ("专项行动",), "F9": ("评优",)}
    assert [(g.pattern, g.effect) for g in found.gaps] == [("讨.{0,2}薪", "flip")]
    assert found.place_traps == {"兴国": ("科教兴国", "实干兴国"), "瑞金": ("瑞金路",)}
    assert found.extra == {"rumor": ("网传",)} and found.provenance == {"T1.strong:错诊": "值班室 2026-11-20"}


def test_words_that_look_like_numbers_or_truths_stay_words(tmp_path):
    assert words(tmp_path, "frames: [120, 007, no, 2023-01-01]\n").frames[-4:] == ("120", "007", "no", "2023-01-01")


def test_a_broken_vocabulary_names_its_file(tmp_path):
    with pytest.raises(ConfigError, match=r"own.yaml:1: .*没有“frame”这个键 → 是不是“frames”"):
        words(tmp_path, "frame: [质疑]\n")


def test_own_outlets_replace_single_keys_of_shipped_ones(tmp_path):
    folder = write(tmp_path, {**GOOD, "outlets.yaml": """\
include: [national, portals]
without: [toutiao]
outlets:
  - {id: people-cn, tier: portal, verified: true}
  - {id: ycrb, name: 云川日报, tier: municipal, sources: [{kind: feed, url: "https://a.example/rss"}, {id: two, kind: listing, url: "https://a.example/"}]}
"""})
    bureau = load_bureau(folder)
    people = bureau.outlet("people-cn")
    assert (people.name, people.tier, people.verified) == ("人民网", "portal", True) and "people.com.cn" in people.domains
    assert bureau.outlet("toutiao") is None and bureau.outlet("qq") is not None and bureau.outlet("health-news") is None
    assert [(s.id, s.outlet_id) for s in bureau.outlet("ycrb").sources] == [("ycrb-1", "ycrb"), ("two", "ycrb")]


def test_a_level_of_the_bureau_replaces_the_shipped_rules_of_that_level(tmp_path):
    folder = write(tmp_path, {**GOOD, "rules.yaml": "levels:\n  - {level: Ⅲ, name: 三家, when: {outlets: 3, topics: [T01]}}\n"})
    rules = load_bureau(folder).levels
    assert [(r.name, r.when) for r in rules if r.level == 3] == [("三家", {"outlets": 3, "topics": ("T01",)})]
    assert {int(r.level) for r in rules} == {1, 2, 3, 4}


def test_an_included_scheme_takes_the_keys_beside_it(tmp_path):
    folder = write(tmp_path, {**GOOD, "schemes/a.yaml": "include: five_class\nversion: '2026'\nsince: 2026-01-01\nreposts: highest\n"})
    scheme = load_bureau(folder).schemes[0]
    assert (scheme.id, scheme.version, scheme.since, scheme.reposts) == ("five-class", "2026", "2026-01-01", "highest")
    assert [c.cents for c in scheme.classes] == [1000, 800, 600, 300, 100]


def test_points_become_whole_hundredths(tmp_path):
    folder = write(tmp_path, {**GOOD, "schemes/a.yaml": GOOD["schemes/a.yaml"].replace("points: 3", "points: 0.29")})
    assert [c.cents for c in load_bureau(folder).schemes[0].classes] == [1000, 29]


def test_schemes_follow_one_another_without_a_gap_or_overlap(tmp_path):
    old = GOOD["schemes/a.yaml"] + "until: 2026-06-30\n"
    new = GOOD["schemes/a.yaml"].replace('"1"', '"2"').replace("2026-01-01", "2026-07-01")
    bureau = load_bureau(write(tmp_path, {**GOOD, "schemes/a.yaml": old, "schemes/b.yaml": new}))
    assert [bureau.scheme_on(day).version for day in ("2026-06-30", "2026-07-01")] == ["1", "2"]
    assert bureau.scheme_on("2025-12-31") is None


def test_without_a_scheme_the_shipped_six_classes_hold(tmp_path):
    files = {name: text for name, text in GOOD.items() if not name.startswith("schemes/")}
    assert load_bureau(write(tmp_path, files)).schemes[0].id == "six-class"


def test_settings_are_read_into_their_places(tmp_path, monkeypatch):
    monkeypatch.setenv("JIANBAO_TEST_DATABASE", "postgresql://u:p@h/d")
    bureau = load_bureau(write(tmp_path, {**GOOD, "settings.yaml": """\
database_env: JIANBAO_TEST_DATABASE
workers: 2
crawl: {delay_s: 0.5, private_addresses: true, proxy: "http://127.0.0.1:8080"}
web: {port: 9000}
digest_weekday: 0
sign_minutes: {I: 5, 2: 10}
"""}))
    settings = bureau.settings
    assert (settings.database, settings.workers, settings.web.port) == ("postgresql://u:p@h/d", 2, 9000)
    assert (settings.crawl.delay_s, settings.crawl.private_addresses, settings.crawl.proxy) == (0.5, True, "http://127.0.0.1:8080")
    assert settings.sign_minutes == {1: 5, 2: 10, 3: 30, 4: 60} and settings.crawl.timeout_s == 30


def test_units_carry_their_names_with_dates_and_doubts(tmp_path):
    bureau = load_bureau(write(tmp_path, GOOD))
    hospital = bureau.unit("rmyy")
    assert hospital.aliases[0].ambiguous and hospital.parent == "wjw" and bureau.unit("wjw").is_bureau
    assert bureau.region.city == "赣州市" and bureau.folder == tmp_path


def test_a_unit_without_a_region_lies_where_its_parent_lies(tmp_path):
    units = GOOD["units.yaml"].replace("    parent: wjw\n", "    parent: wjw\n    region: {province: 江西省, city: 赣州市, county: 章贡区}\n")
    units += "  - {id: ward, name: 云川市人民医院东院, parent: rmyy}\n  - {id: far, name: 外地医院}\n"
    bureau = load_bureau(write(tmp_path, {**GOOD, "units.yaml": units}))
    assert [bureau.unit(i).region.county for i in ("ward", "far")] == ["章贡区", ""] and bureau.unit("far").region == bureau.region
