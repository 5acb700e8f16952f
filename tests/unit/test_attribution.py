"""Places decide what a short name means."""

import pytest

from analysis.attribution import Place, by_region, level_fits, most_frequent, stands_alone
from model.region import Region
from model.unit import Unit

CITY, CO_CITY, COUNTY = Region("临江省", "云川市"), Region("临江省", "云川市", "石泉市"), Region("临江省", "云川市", "白沙县")
YC, SQ, BS = Unit("yc", "云川市人民医院", region=CITY), Unit("sq", "石泉市人民医院", region=CO_CITY), Unit("bs", "白沙县人民医院", region=COUNTY)


@pytest.mark.parametrize("region, level, unit", [
    (CITY, "市", YC), (CO_CITY, "市", SQ), (COUNTY, "市", YC), (COUNTY, "县", BS), (CITY, "县", None), (Region(), "市", None), (Region("临江省"), "市", None),
    (Region("临江省", "江州市"), "市", None),
])
def test_by_region(region, level, unit):
    assert by_region([YC, SQ, BS], level, region) == unit


def test_a_county_level_city_without_such_a_unit_means_nobody_of_ours():
    assert by_region([YC], "市", CO_CITY) is None


@pytest.mark.parametrize("level, region, fits", [("市", CITY, True), ("市", CO_CITY, True), ("市", COUNTY, False), ("县", COUNTY, True), ("省", CITY, False)])
def test_level_fits(level, region, fits):
    assert level_fits(level, region) is fits


@pytest.mark.parametrize("before, alone", [("", True), ("记者从", True), ("昨日", True), ("走进", True), ("高平", False), ("大城", False), ("上海", False), ("，", True), ("我", True)])
def test_stands_alone(before, alone):
    assert stands_alone(before, "市") is alone


def test_most_frequent_place_needs_two_and_no_equal():
    assert most_frequent([Place(0, 2, CITY), Place(5, 7, CITY), Place(9, 12, COUNTY)]) == CITY
    assert most_frequent([Place(0, 2, CITY)]) is None
    assert most_frequent([Place(0, 2, CITY), Place(3, 5, CITY), Place(6, 8, None), Place(9, 11, None)]) is None
