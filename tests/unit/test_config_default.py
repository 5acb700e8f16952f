"""What is shipped: lists of outlets, level rules, schemes, and the folder that init makes."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from config.entry import Report
from config.init import TEMPLATE, make
from config.load import load_bureau, load_vocabulary, problems
from config.outlets import shipped_lists
from config.schemes import shipped_schemes
from config.settings import read_settings
from config.tree import parse, read_tree
from model.bureau import CrawlSettings, KeepSettings, Settings, WebSettings
from model.errors import ConfigError
from model.outlet import SourceKind, Tier

# the outlets that the bureau's own papers name (DOMAIN 2)
NAMED = """人民日报 中国日报 经济日报 光明日报 解放军报 工人日报 农民日报 中国青年报 科技日报 新华社 中国新闻社 中央人民广播电台
中国国际广播电台 中央电视台 新华网 人民网 腾讯网 新浪网 网易 搜狐 凤凰网 中国网 央视网 今日头条 江西卫视 江西日报 江西广播电台 赣南日报
赣州广播电视台 健康报 中国卫生 中国人口报 中国家庭报 中国中医药报 中国改革网 江西改革 赣州改革""".split()


@pytest.fixture(scope="module")
def bureau(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "bureau"
    make(folder)
    return load_bureau(folder)


def test_the_template_passes_without_a_warning(tmp_path):
    make(tmp_path / "b")
    assert problems(tmp_path / "b") == []


def enabled(text: str) -> str:
    """The text of a template file as it is after a technician took the "# " from every example."""
    return re.sub(r"(?m)^( *)# ", r"\1", text)


def test_the_template_shows_every_setting_with_its_default():
    shown = enabled((TEMPLATE / "settings.yaml").read_text(encoding="utf-8"))
    plain = "\n".join(line for line in shown.splitlines() if "_env:" not in line.split("#")[0])
    report = Report()
    assert read_settings(report, parse(plain, "settings.yaml")) == Settings() and report.problems == []
    for kind in (Settings, CrawlSettings, KeepSettings, WebSettings):
        for field in fields(kind):
            assert re.search(rf"(?m)^ *{field.name}:", plain), field.name


def test_every_file_of_the_template_explains_itself():
    for path in TEMPLATE.rglob("*.yaml"):
        assert path.read_text(encoding="utf-8").startswith("## "), path.name


def test_the_examples_in_the_comments_of_the_template_are_right(tmp_path):
    """A technician takes the # away: what appears must pass too."""
    folder = tmp_path / "b"
    make(folder)
    for path in folder.rglob("*.yaml"):
        if path.name != "settings.yaml":       # its two *_env lines need their variables
            path.write_text(enabled(path.read_text(encoding="utf-8")), encoding="utf-8")
    bureau = load_bureau(folder)
    assert bureau.outlet("my-daily") and bureau.outlet("gannan-daily").verified and bureau.outlet("rmyy-site").own_unit == "rmyy"
    assert [c.id for c in bureau.channels] == ["duty", "leaders"]
    assert [c.name for c in bureau.schemes[0].classes] == ["中央媒体", "省级媒体", "市级媒体"]
    assert any(t.id == "W01" and t.watch for t in bureau.vocabulary.topics)


def test_init_refuses_a_folder_that_holds_something(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(ConfigError, match="已经有内容"):
        make(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_init_takes_an_empty_folder(tmp_path):
    (tmp_path / "b").mkdir()
    make(tmp_path / "b")
    assert load_bureau(tmp_path / "b").units and "var/" in (tmp_path / "b" / ".gitignore").read_text(encoding="utf-8")


def test_init_of_the_sample_bureau(tmp_path):
    make(tmp_path / "b", sample=True)
    assert len(load_bureau(tmp_path / "b").units) >= 12


def test_the_named_outlets_are_all_listed(bureau):
    assert [name for name in NAMED if name not in {o.name for o in bureau.outlets}] == []


def test_nothing_that_was_not_tried_claims_to_be_verified(bureau):
    assert [o.id for o in bureau.outlets if o.verified] == []


def test_an_outlet_is_six_to_twelve_lines():
    for name in shipped_lists():
        path = TEMPLATE.parent / "default" / "outlets" / f"{name}.yaml"
        for block in path.read_text(encoding="utf-8").split("  - id: ")[1:]:
            lines = [line for line in block.splitlines() if line.strip()]
            assert 5 <= len(lines) <= 12, lines[0]


def test_addresses_of_a_source_belong_to_its_own_outlet_or_group(bureau):
    strange = {}
    for outlet in bureau.outlets:
        for source in outlet.sources:
            host = source.url.split("/")[2]
            owner = bureau.outlet_of(host)
            if owner is None or owner.id != outlet.id:
                strange[source.id] = (host, owner and owner.id)
    # the metropolitan paper's e-paper stands under its group's host
    assert strange == {"jiangnan-metropolis-1": ("epaper.jxnews.com.cn", "jiangxi-daily")}


@pytest.mark.parametrize("host, outlet", [
    ("paper.people.com.cn", "peoples-daily"), ("health.people.com.cn", "people-cn"), ("jx.people.com.cn", "people-jiangxi"),
    ("www.news.cn", "xinhuanet"), ("tv.cctv.com", "cctv"), ("news.cctv.com", "cctv-com"), ("epaper.gmw.cn", "guangming-daily"),
    ("www.jx.chinanews.com.cn", "cns-jiangxi"), ("hc.jiangxi.gov.cn", "jiangxi-hc"), ("mp.weixin.qq.com", None), ("sub.gov.cn", None)])
def test_hosts_belong_to_the_right_outlet(bureau, host, outlet):
    found = bureau.outlet_of(host)
    assert (found.id if found else None) == outlet


def test_epapers_are_addressed_by_date(bureau):
    papers = [s for o in bureau.outlets for s in o.sources if s.kind is SourceKind.EPAPER]
    assert len(papers) >= 8 and all("{yyyy}" in s.url and "{dd}" in s.url for s in papers)


@pytest.mark.parametrize("name", shipped_schemes())
def test_shipped_schemes_name_only_shipped_outlets_and_rise_with_the_tier(name, tmp_path):
    make(tmp_path / "b")
    text = (TEMPLATE.parent / "default" / "schemes" / f"{name}.yaml").read_text(encoding="utf-8")
    (tmp_path / "b" / "schemes" / "current.yaml").write_text(text, encoding="utf-8")   # read as the bureau's own: no id is passed over
    assert problems(tmp_path / "b") == []


def test_the_six_class_scheme_counts_people_cn_as_new_media(bureau):
    scheme = bureau.scheme_on("2026-11-21")
    assert [c.name for c in scheme.classes] == ["中央媒体", "新媒体", "省级主要媒体", "市级主要媒体", "卫生健康媒体", "改革主要媒体"]
    new_media = next(c for c in scheme.classes if c.name == "新媒体")
    assert {"people-cn", "xinhuanet"} <= set(new_media.outlets) and scheme.reposts == "first"
    assert bureau.outlet("people-cn").tier is Tier.CENTRAL


def test_default_levels_hold_the_usual_criteria(bureau):
    said = {(int(rule.level), key, value) for rule in bureau.levels for key, value in rule.when.items() if len(rule.when) == 1}
    assert said == {(2, "tier_rank", 6), (2, "severity", 3), (2, "outlets", 20), (3, "tier_rank", 4), (3, "outlets", 5), (4, "outlets", 1)}
    assert [r.level for r in bureau.levels] == sorted(r.level for r in bureau.levels)


def test_the_shipped_words_load():
    words = load_vocabulary()
    assert len(words.topics) >= 24 and all(t.strong or t.weak for t in words.topics) and words.place_traps["兴国"]


def test_shipped_files_have_no_problem_of_their_own():
    for path in (Path(TEMPLATE.parent) / "default").rglob("*.yaml"):
        assert read_tree(path, path.name).is_map
