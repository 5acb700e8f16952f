"""The small good folder that the tests of config start from; each test breaks or changes one thing in it."""

from pathlib import Path

from config.load import problems

GOOD = {
    "bureau.yaml": "id: yc\nname: 云川市卫生健康委员会\nregion: {province: 江西省, city: 赣州市}\n",
    "units.yaml": """\
units:
  - id: wjw
    name: 云川市卫生健康委员会
    kind: commission
    is_bureau: true
  - id: rmyy
    name: 云川市人民医院
    aliases:
      - {name: 市人民医院, ambiguous: true}
    parent: wjw
""",
    "outlets.yaml": """\
include: [national]
outlets:
  - id: ycrb
    name: 云川日报
    tier: municipal
    domains: [ycrb.example]
    sources:
      - {kind: listing, url: "https://www.ycrb.example/"}
""",
    "rules.yaml": "levels:\n  - {level: IV, when: {outlets: 1}}\nchannels: []\n",
    "settings.yaml": "crawl:\n  delay_s: 2\n",
    "schemes/a.yaml": """\
id: s
version: "1"
name: 办法
since: 2026-01-01
classes:
  - {id: c, name: 中央, points: 10, tiers: [central]}
  - {id: m, name: 市级, points: 3, tiers: [municipal]}
""",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_the_good_folder_of_these_tests_has_no_problem(tmp_path):
    assert problems(write(tmp_path, GOOD)) == []
