"""Reads `mentions.jsonl`: passages in which each name stands as {surface|unit id}; an empty id means that only a person can tell."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

from analysis.mentions import Names
from model.mention import Mention
from model.region import Region
from model.unit import Alias, Unit

_MARK = re.compile(r"\{([^|{}]*)\|([^{}]*)\}")
_CITY = Region("临江省", "云川市")


def _in(county: str) -> Region:
    return Region("临江省", "云川市", county)


UNITS = (
    Unit("wjw", "云川市卫生健康委员会", "市卫健委", (Alias("云川市卫计委", until="2018-12-31"), Alias("云川市卫生局", until="2013-12-31")), _CITY, "commission", is_bureau=True),
    Unit("yy1", "云川市第一人民医院", "市一院", (Alias("临江医科大学附属云川医院"),), _CITY),
    Unit("ycrm", "云川市人民医院", "", (Alias("市人民医院", True),), _CITY),
    Unit("sq", "石泉市人民医院", "", (Alias("市人民医院", True),), _in("石泉市")),
    Unit("sqwj", "石泉市卫生健康局", "", (), _in("石泉市"), "bureau"),
    Unit("zyy", "云川市中医医院", "", (), _CITY), Unit("fby", "云川市妇幼保健院", "", (), _CITY),
    Unit("cdc", "云川市疾病预防控制中心", "", (), _CITY, "cdc"), Unit("jj", "云川市急救中心", "", (), _CITY, "emergency"),
    Unit("xz", "云川市中心血站", "", (), _CITY, "blood"),
    Unit("dl", "东岭区卫生健康局", "", (), _in("东岭区"), "bureau"), Unit("np", "南屏区卫生健康局", "", (), _in("南屏区"), "bureau"),
    Unit("bs", "白沙县人民医院", "", (), _in("白沙县")), Unit("bswj", "白沙县卫生健康局", "", (), _in("白沙县"), "bureau"),
    Unit("qh", "青禾县中医院", "", (), _in("青禾县")),
)
TRAPS = {"云川": ("云川路", "云川科技", "作家云川"), "东岭": ("东岭隧道",), "白沙": ("白沙滩",)}
_REGIONS = {"云川": _CITY, "石泉": _in("石泉市"), "白沙": _in("白沙县"), "青禾": _in("青禾县"), "东岭": _in("东岭区"), "南屏": _in("南屏区"), "-": Region()}


class Expected(NamedTuple):
    start: int
    end: int
    unit: str


class Passage(NamedTuple):
    id: int
    title: str
    text: str
    expected: tuple[Expected, ...]
    settings: dict


def passages() -> list[Passage]:
    lines = (Path(__file__).parent / "mentions.jsonl").read_text(encoding="utf-8").splitlines()
    return [_passage(json.loads(line)) for line in lines if line.strip()]


def _passage(data: dict) -> Passage:
    marked = data.get("title", "") + "\n" + data["text"]
    expected, plain, last = [], "", 0
    for mark in _MARK.finditer(marked):
        plain += marked[last:mark.start()]
        expected.append(Expected(len(plain), len(plain) + len(mark[1]), mark[2]))
        plain += mark[1]
        last = mark.end()
    plain += marked[last:]
    title, _, text = plain.partition("\n")
    settings = {"outlet_region": _REGIONS.get(data.get("outlet", "")), "source_region": _REGIONS.get(data.get("source", "")),
                "dateline_place": data.get("dateline", ""), "column": data.get("column", "")}
    return Passage(data["id"], title, text, tuple(expected), settings)


def found(names: Names, passage: Passage) -> tuple[Mention, ...]:
    return names.find(passage.title, passage.text, **passage.settings)
