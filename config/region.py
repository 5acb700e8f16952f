"""A place as written in YAML: `{province: 江西省, city: 赣州市, county: 章贡区}`, full names, no level skipped."""

from __future__ import annotations

from config.entry import Entry
from model.region import Region

PROVINCES = (
    "北京市", "天津市", "河北省", "山西省", "内蒙古自治区", "辽宁省", "吉林省", "黑龙江省", "上海市", "江苏省", "浙江省", "安徽省", "福建省",
    "江西省", "山东省", "河南省", "湖北省", "湖南省", "广东省", "广西壮族自治区", "海南省", "重庆市", "四川省", "贵州省", "云南省", "西藏自治区",
    "陕西省", "甘肃省", "青海省", "宁夏回族自治区", "新疆维吾尔自治区", "新疆生产建设兵团", "台湾省", "香港特别行政区", "澳门特别行政区",
)
_CITY_ENDS = ("市", "州", "盟", "地区", "区", "县")          # 直辖市 has districts in the second place
_COUNTY_ENDS = ("市", "区", "县", "旗", "林区", "特区", "新区", "开发区", "管委会", "镇")


def read_region(entry: Entry) -> Region:
    """The region under key `region`, or an empty one; a province that does not exist is told once, as a warning."""
    if "region" not in entry:
        return Region()
    part = entry.sub("region", "region（地区）", ("province", "city", "county"))
    province, city, county = (part.text(k) for k in ("province", "city", "county"))
    if not part.node.is_map:
        return Region()
    if province and province not in PROVINCES:
        longer = next((p for p in PROVINCES if p.startswith(province)), "")
        if longer or not province.endswith(("省", "市", "自治区")):
            part.fault("province", f"省级名称“{province}”不对", f"写全称：{longer}" if longer else "写全称，如 江西省、广西壮族自治区、重庆市")
            return Region()
        part.report.warn_once(part.at("province"), f"省级名称“{province}”不在行政区划表里", "核对是否写错；虚构的示例地区可以忽略本提示")
    if city and not city.endswith(_CITY_ENDS):
        part.fault("city", f"市级名称“{city}”不对", f"写全称，如 {city}市")
        return Region()
    if county and not county.endswith(_COUNTY_ENDS):
        part.fault("county", f"县级名称“{county}”不对", f"写全称，如 {county}区、{county}县、{county}市")
        return Region()
    if city and not province:
        part.fault("city", "写了 city 没有写 province", "补上 province: 省级全称")
    if county and not city and province not in ("北京市", "天津市", "上海市", "重庆市"):
        part.fault("county", "写了 county 没有写 city", "补上 city: 市级全称")
    return Region(province, city, county)
