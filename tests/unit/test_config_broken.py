"""Every fault of a bureau's folder is told with its file, its line and what to write instead."""

import re

import pytest

from config.load import load_bureau, problems, read_bureau
from model.errors import ConfigError
from test_config_folder import GOOD, write

def more(name: str, text: str) -> dict[str, str]:
    return {name: GOOD[name] + text}


def swap(name: str, old: str, new: str) -> dict[str, str]:
    assert old in GOOD[name]
    return {name: GOOD[name].replace(old, new, 1)}


UNIT, OUTLET, SCHEME = "units.yaml", "outlets.yaml", "schemes/a.yaml"

# (what is changed, file, line, part of the message, part of the remedy)
BROKEN = {
    "tab": (swap("settings.yaml", "  delay_s", "\tdelay_s"), "settings.yaml", 2, "YAML 写法有误", "Tab"),
    "indent": ({"bureau.yaml": "id: yc\n  name: x\n"}, "bureau.yaml", 2, "YAML 写法有误", ""),
    "quote not closed": ({"bureau.yaml": 'id: yc\nname: "云川\n'}, "bureau.yaml", 3, "引号没有配对", "补上"),
    "full-width colon": ({"bureau.yaml": "id： yc\n"}, "bureau.yaml", 1, "应当是“键: 值”", "半角"),
    "duplicate key": (more("bureau.yaml", "name: 又一个\n"), "bureau.yaml", 4, "键“name”重复（第 2 行已有）", "合并"),
    "tag": ({"bureau.yaml": "id: yc\nname: !!python/object/apply:os.system [ls]\n"}, "bureau.yaml", 2, "不支持标签", "删去"),
    "anchor": ({"bureau.yaml": "id: &a yc\nname: *a\n"}, "bureau.yaml", 1, "不支持锚点", "直接写出来"),
    "alias": ({"bureau.yaml": "id: yc\nname: *a\n"}, "bureau.yaml", 2, "不支持引用", "英文引号"),
    "too deep": ({"bureau.yaml": "id: yc\nname: " + "[" * 40 + "]" * 40 + "\n"}, "bureau.yaml", 2, "层次太深", "最多"),
    "two documents": (more("bureau.yaml", "---\nid: zz\n"), "bureau.yaml", 4, "只能有一份内容", "---"),
    "unknown key": (swap("bureau.yaml", "name:", "nmae:"), "bureau.yaml", 2, "没有“nmae”这个键", "“name”"),
    "name missing": ({"bureau.yaml": "id: yc\n"}, "bureau.yaml", 1, "缺少“name”", "name: …"),
    "bad id": (swap("bureau.yaml", "id: yc", "id: 云川"), "bureau.yaml", 1, "编号“云川”不合规", "小写字母"),
    "region short": (swap("bureau.yaml", "江西省", "江西"), "bureau.yaml", 3, "省级名称“江西”不对", "江西省"),
    "region no province": (swap("bureau.yaml", "province: 江西省, ", ""), "bureau.yaml", 3, "没有写 province", "补上"),
    "region key": (swap("bureau.yaml", "city:", "town:"), "bureau.yaml", 3, "没有“town”这个键", "city"),
    "no bureau": (swap(UNIT, "    is_bureau: true\n", ""), UNIT, 1, "没有一个单位标为本委", "is_bureau: true"),
    "two bureaus": (more(UNIT, "    is_bureau: true\n"), UNIT, 11, "都标为本委", "只留一个"),
    "no units": ({UNIT: "units:\n"}, UNIT, 1, "没有登记任何单位", "is_bureau"),
    "unit twice": (more(UNIT, "  - id: rmyy\n    name: 另一个医院\n"), UNIT, 11, "单位编号“rmyy”重复（第 6 行已有）", "换一个"),
    "parent": (swap(UNIT, "parent: wjw", "parent: wjww"), UNIT, 10, "上级单位“wjww”不存在", "“wjw”"),
    "parent circle": (swap(UNIT, "    is_bureau: true\n", "    is_bureau: true\n    parent: rmyy\n"), UNIT, 6, "绕回了自己", "parent"),
    "unit kind": (swap(UNIT, "kind: commission", "kind: 医院"), UNIT, 4, "“kind”不能是“医院”", "写成 hospital"),
    "unit kind unknown": (swap(UNIT, "kind: commission", "kind: comission"), UNIT, 4, "“kind”不能是“comission”", "“commission”"),
    "same full name": (more(UNIT, "  - id: b\n    name: 云川市人民医院\n"), UNIT, 12, "全称“云川市人民医院”和单位“rmyy”相同", "地名"),
    "alias is a name": (more(UNIT, "  - id: b\n    name: 云川二院\n    aliases: [云川市人民医院]\n"), UNIT, 13,
                        "别名“云川市人民医院”是单位“rmyy”的全称", "ambiguous: true"),
    "alias shared": (more(UNIT, "  - id: b\n    name: 云川二院\n    aliases:\n      - 市人民医院\n"), UNIT, 14,
                     "别名“市人民医院”和单位“rmyy”的相同", "ambiguous: true"),
    "alias one letter": (swap(UNIT, "{name: 市人民医院, ambiguous: true}", "院"), UNIT, 9, "只有一个字", "两个字"),
    "alias dates": (swap(UNIT, "ambiguous: true}", "since: 2020-01-01, until: 2019-01-01}"), UNIT, 9, "早于起日", "改正"),
    "alias day": (swap(UNIT, "ambiguous: true}", "until: 2019年底}"), UNIT, 9, "日期“2019年底”不对", "2026-01-31"),
    "flag": (swap(UNIT, "is_bureau: true", "is_bureau: 对"), UNIT, 5, "应当是 true 或 false", "is_bureau: true"),
    "list unknown": (swap(OUTLET, "[national]", "[nationl]"), OUTLET, 1, "没有随软件提供的媒体名单“nationl”", "“national”"),
    "without unknown": (swap(OUTLET, "outlets:", "without: [people-com]\noutlets:"), OUTLET, 2, "“people-com”不在所含名单里", "“people-cn”"),
    "outlet twice": (more(OUTLET, "  - id: ycrb\n    name: 甲报\n    tier: county\n"), OUTLET, 9, "媒体编号“ycrb”重复", "换一个"),
    "tier in Chinese": (swap(OUTLET, "municipal", "市级"), OUTLET, 5, "“tier”不能是“市级”", "写成 municipal"),
    "tier missing": (swap(OUTLET, "    tier: municipal\n", ""), OUTLET, 3, "缺少“tier”", "tier: …"),
    "domain is address": (swap(OUTLET, "[ycrb.example]", '["https://ycrb.example/a"]'), OUTLET, 6, "不是域名", "ycrb.example"),
    "domain of WeChat": (swap(OUTLET, "ycrb.example]", "mp.weixin.qq.com]"), OUTLET, 6, "所有公众号共用", "aliases"),
    "domain shared": (swap(OUTLET, "[ycrb.example]", "[people.com.cn]"), OUTLET, 6, "和媒体“people-cn”的相同", "without"),
    "name shared": (swap(OUTLET, "name: 云川日报", "name: 光明日报"), OUTLET, 4, "名称“光明日报”和媒体“guangming-daily”的相同", "id: guangming-daily"),
    "url scheme": (swap(OUTLET, "https://www.ycrb.example/", "ftp://ycrb.example/"), OUTLET, 8, "必须以 http:// 或 https:// 开头", "https://ycrb"),
    "url with password": (swap(OUTLET, "https://www.", "https://u:p@www."), OUTLET, 8, "不能写用户名和口令", "环境变量"),
    "url date on listing": (swap(OUTLET, "example/\"", "example/{yyyy}/\""), OUTLET, 8, "“{yyyy}”不能用", "epaper"),
    "source kind": (swap(OUTLET, "listing", "rss"), OUTLET, 8, "“kind”不能是“rss”", "feed"),
    "pattern": (swap(OUTLET, 'example/"', 'example/", link_pattern: "t(\\\\d+"'), OUTLET, 8, "正则表达式写法不对", "例："),
    "pattern explodes": (swap(OUTLET, 'example/"', 'example/", link_pattern: "(a+)+$"'), OUTLET, 8, "嵌套的重复", "例："),
    "intervals": (swap(OUTLET, 'example/"', 'example/", min_interval_s: 900, max_interval_s: 600'), OUTLET, 8, "短于最短间隔", "改正"),
    "field rule": (more(OUTLET, "    fields: [{name: title, css: h1, xpath: //h1}]\n"), OUTLET, 9, "只写一个", "css"),
    "selector": (more(OUTLET, "    fields: [{name: title, css: 'h1[['}]\n"), OUTLET, 9, "选择器写法不对", "h1"),
    "own unit": (more(OUTLET, "    own_unit: rmy\n"), OUTLET, 9, "所属单位“rmy”不存在", "“rmyy”"),
    "level": (swap("rules.yaml", "level: IV", "level: 5"), "rules.yaml", 2, "等级“5”不对", "特别重大"),
    "bound": (swap("rules.yaml", "{outlets: 1}", "{tier_rank: 9}"), "rules.yaml", 2, "“tier_rank”是 9，超出范围", "1 到 6"),
    "topic": (swap("rules.yaml", "{outlets: 1}", "{topics: [T999]}"), "rules.yaml", 2, "没有编号为“T999”的主题", ""),
    "no condition": (swap("rules.yaml", ", when: {outlets: 1}", ""), "rules.yaml", 2, "没有写条件", "when"),
    "channel secret": (swap("rules.yaml", "[]", "[{id: a, kind: wecom, url: 'wecom://key'}]"), "rules.yaml", 3, "不能写地址和密钥", "url_env"),
    "channel address": (swap("rules.yaml", "[]", "[{id: a, kind: wecom, url_env: 'wecom://key'}]"), "rules.yaml", 3, "环境变量的名字", "JIANBAO"),
    "channel nowhere": (swap("rules.yaml", "[]", "[{id: a, kind: wecom}]"), "rules.yaml", 3, "url_env 和 url_file 之一", "url_env"),
    "channel unit": (swap("rules.yaml", "[]", "[{id: a, kind: mail, url_env: PATH, units: [cdc]}]"), "rules.yaml", 3, "单位“cdc”不存在", "wjw"),
    "setting bound": (swap("settings.yaml", "delay_s: 2", "delay_s: 9999"), "settings.yaml", 2, "“delay_s”是 9999，超出范围", "600"),
    "setting not a number": (swap("settings.yaml", "delay_s: 2", "delay_s: 两秒"), "settings.yaml", 2, "“delay_s”应当是数字", "0 到 600"),
    "setting under no section": ({"settings.yaml": "  delay_s: 3\n"}, "settings.yaml", 1, "“delay_s”的位置不对", "crawl: 下面"),
    "archive elsewhere": (more("settings.yaml", "archive:\n  place: ftp://10.0.0.8/x\n"), "settings.yaml", 4, "存档位置“ftp://10.0.0.8/x”不对", "s3://桶名/前缀"),
    "archive with a key in it": (more("settings.yaml", "archive:\n  place: s3://bucket/x\n  endpoint: https://key:secret@10.0.0.8\n"), "settings.yaml", 5,
                                 "不能写用户名和口令", "环境变量"),
    "store without a bucket": (more("settings.yaml", "archive:\n  endpoint: https://10.0.0.8:9000\n"), "settings.yaml", 4, "endpoint 只用于 s3://", "桶名"),
    "setting unknown": (more("settings.yaml", "web:\n  prot: 80\n"), "settings.yaml", 4, "没有“prot”这个键", "“port”"),
    "database password": (more("settings.yaml", "database: postgresql://u:p@h/d\n"), "settings.yaml", 3, "口令写在了文件里", "database_env"),
    "audit too short": (more("settings.yaml", "keep: {audit_days: 30}\n"), "settings.yaml", 3, "“audit_days”是 30", "六个月"),
    "sign level": (more("settings.yaml", "sign_minutes: {V: 5}\n"), "settings.yaml", 3, "没有“V”这个键", ""),
    "class outlet": (swap(SCHEME, "tiers: [central]", "outlets: [people-dayly]"), SCHEME, 6, "媒体“people-dayly”不存在", "peoples-daily"),
    "class tier": (swap(SCHEME, "[central]", "[national]"), SCHEME, 6, "“tiers”不能是“national”", "中央"),
    "points": (swap(SCHEME, "points: 10", "points: 十分"), SCHEME, 6, "分值“十分”不对", "小数"),
    "class empty": (swap(SCHEME, ", tiers: [central]", ""), SCHEME, 6, "没有写 outlets", "tiers"),
    "tier in two classes": (swap(SCHEME, "[municipal]", "[municipal, central]"), SCHEME, 7, "同时在“中央”和“市级”两类里", "只留"),
    "reposts": (more(SCHEME, "reposts: 首发\n"), SCHEME, 8, "“reposts”不能是“首发”", "first"),
    "since missing": (swap(SCHEME, "since: 2026-01-01\n", ""), SCHEME, 1, "缺少“since”", "since: 2026"),
    "scheme unknown": (more(SCHEME, "include: six_clas\n"), SCHEME, 8, "没有随软件提供的积分办法“six_clas”", "six_class"),
    "scheme overlap": ({"schemes/b.yaml": GOOD[SCHEME].replace('"1"', '"2"').replace("2026-01", "2026-07")}, "schemes/b.yaml", 4,
                       "日期重叠", "早于 2026-07-01"),
    "scheme version twice": ({"schemes/b.yaml": GOOD[SCHEME]}, "schemes/b.yaml", 1, "版本“1”有两份", "version"),
    "word gap": ({"words.yaml": "gaps:\n  - 拖欠.*工资\n"}, "words.yaml", 2, "不能用 * 和 +", "拖欠"),
    "word topic": ({"words.yaml": "topics:\n  - {id: W1, strong: [某词]}\n"}, "words.yaml", 2, "缺少“name”", "name"),
    "word severity": ({"words.yaml": "topics:\n  - {id: W1, name: 甲, strong: [某词], severity: 7}\n"}, "words.yaml", 2, "超出范围", "0 到 3"),
    "word list": ({"words.yaml": "topics:\n  - {id: W1, name: 甲, strong: {a: b}}\n"}, "words.yaml", 2, "应当是一个列表", "甲, 乙"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_fault_is_told_with_file_line_and_remedy(case, tmp_path):
    files, file, line, message, remedy = BROKEN[case]
    with pytest.raises(ConfigError) as caught:
        load_bureau(write(tmp_path, {**GOOD, **files}))
    told = [p for p in caught.value.problems if message in p.message]
    assert told, str(caught.value)
    assert (told[0].file, told[0].line) == (file, line)
    assert remedy in told[0].remedy
    assert not told[0].warning


def test_all_faults_are_told_at_once_in_order(tmp_path):
    files = {**GOOD, **swap("bureau.yaml", "id: yc", "id: 云川"), **swap(UNIT, "parent: wjw", "parent: x"), **swap(OUTLET, "municipal", "big")}
    with pytest.raises(ConfigError) as caught:
        load_bureau(write(tmp_path, files))
    assert [(p.file, p.line) for p in caught.value.problems] == [("bureau.yaml", 1), ("outlets.yaml", 5), ("units.yaml", 10)]


WARNED = {
    "higher earns less": (swap(SCHEME, "points: 10", "points: 1"), SCHEME, 6, "层级高于“市级”，分值却更低"),
    "robots off": (swap("settings.yaml", "delay_s: 2", "obey_robots: false"), "settings.yaml", 2, "robots.txt"),
    "hasty": (swap(OUTLET, 'example/"', 'example/", min_interval_s: 5'), OUTLET, 8, "不到一分钟"),
    "open to the net": (more("settings.yaml", "web: {host: 0.0.0.0}\n"), "settings.yaml", 3, "0.0.0.0"),
    "channel without its variable": (swap("rules.yaml", "[]", "[{id: a, kind: wecom, url_env: JIANBAO_NO_SUCH_VARIABLE}]"), "rules.yaml", 3, "没有设置"),
    "own platform counted": (more(OUTLET, "    own_unit: rmyy\n"), OUTLET, 9, "自有平台"),
    "word not there": ({"words.yaml": "frames: [-没有这个词]\n"}, "words.yaml", 1, "本来就不在"),
    "same short": ({UNIT: GOOD[UNIT].replace("    name: ", "    short: 本单位\n    name: ")}, UNIT, 8, "简称“本单位”和单位“wjw”的相同"),
    "stray file": ({"outlet.yaml": "a: 1\n"}, "outlet.yaml", None, "不会被读取"),
    "invented province": (swap("bureau.yaml", "江西省", "江酉省"), "bureau.yaml", 3, "不在行政区划表里"),
}


@pytest.mark.parametrize("case", WARNED)
def test_a_doubt_is_told_and_does_not_stop_the_start(case, tmp_path):
    files, file, line, message = WARNED[case]
    folder = write(tmp_path, {**GOOD, **files})
    assert [(p.file, p.line) for p in problems(folder) if p.warning and message in p.message] == [(file, line)]
    assert load_bureau(folder).name == "云川市卫生健康委员会"


def test_files_that_cannot_be_read(tmp_path):
    write(tmp_path, GOOD)
    (tmp_path / "units.yaml").write_bytes("units:\n  - id: a\n    name: 云川市医院\n".encode("gbk"))
    (tmp_path / "outlets.yaml").unlink()
    (tmp_path / "words.yaml").write_text("frames: [" + "词, " * 1_300_000 + "]", encoding="utf-8")
    told = {(p.file, p.line): p.message for p in problems(tmp_path)}
    assert told[("units.yaml", 3)] == "文件不是 UTF-8 编码"
    assert told[("outlets.yaml", None)] == "缺少这个文件"
    assert told[("words.yaml", None)].startswith("文件太大")


def test_no_folder_is_told(tmp_path):
    with pytest.raises(ConfigError, match="没有这个文件夹"):
        load_bureau(tmp_path / "nowhere")


def test_a_secret_never_stands_in_the_message(tmp_path):
    files = {**GOOD, **swap("rules.yaml", "[]", "[{id: a, kind: wecom, url: 'wecom://s3cr3t'}, {id: b, kind: mail, url_env: 'mailto://u:s3cr3t@h'}]"),
             **more("settings.yaml", "database: postgresql://u:s3cr3t@h/d\n")}
    with pytest.raises(ConfigError) as caught:
        load_bureau(write(tmp_path, files))
    assert len(caught.value.problems) == 3 and "s3cr3t" not in str(caught.value)


def test_a_file_that_is_no_map_is_told_once(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load_bureau(write(tmp_path, {**GOOD, "bureau.yaml": "name：云川市卫生健康委员会\n"}))
    assert [str(p) for p in caught.value.problems] == ["bureau.yaml:1: bureau.yaml应当是“键: 值”的形式 → 冒号要用半角“:”，后面空一格"]


PIECES = ["", "~", "[]", "{}", "[[a]]", "{a: b}", "- x", "-1", "1e9", "true", "''", "云川", "'\\0'", '"\\x07"', "[{}]", "[null]", "2026-13-45", "&a x", "*a",
          "!!int x", "<<: {a: b}", "? [a]", "9" * 400, "a" * 3000, "：", "|\n  x", "http://[::1", "(a+)+", "{{}: 1}"]


@pytest.mark.parametrize("name", sorted(GOOD))
def test_whatever_stands_in_a_value_the_answer_is_a_problem_or_a_bureau(name, tmp_path):
    """Every value of every file replaced by every strange piece: never another error than ConfigError."""
    write(tmp_path, {**GOOD, "outlets.yaml": GOOD["outlets.yaml"].replace("include: [national]\n", "")})
    text = (tmp_path / name).read_text(encoding="utf-8")
    for match in re.finditer(r"(?<=: )[^\n,}]+|(?<=- )[^\n]+", text):
        for piece in PIECES:
            for problem in read_bureau(tmp_path, {name: text[:match.start()] + piece + text[match.end():]})[1]:
                assert problem.message and problem.file
