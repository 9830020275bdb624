"""Likeness of short texts: symmetric, bounded, with its reasons."""

import itertools

import pytest

from yiwang.engines.language.api import grams, normalised, number_of, similarity

SAME = (
    ("小学门口东侧人行道井盖缺失", "您好，小学门口的沙井盖唔见咗，好危险"),
    ("路灯连续三晚不亮", "公园北门路燈３晚没亮了"),
    ("市场东侧路边堆放垃圾无人清运", "市场东侧好多垃圾冇人清，请尽快处理"),
    ("工业园路口水浸街，行人过不去", "工业园路口道路积水"),
)
OTHER = (
    ("路面坑洼，电动车容易摔倒", "路灯闪烁"),
    ("小学门口井盖缺失", "小学门口占道摆摊"),
    ("您好，请问什么时候能处理，谢谢", "您好，希望尽快处理，谢谢"),
)


@pytest.mark.parametrize(("first", "second"), SAME)
def test_two_reports_of_one_matter_are_alike_and_say_why(first, second):
    found = similarity(first, second)
    assert found.score > 0.5
    assert found.shared and all(word in normalised(second).replace("的", "") for word in found.shared)


@pytest.mark.parametrize(("first", "second"), OTHER)
def test_other_matters_are_not(first, second):
    assert similarity(first, second).score < 0.5


def test_likeness_is_symmetric_bounded_and_whole_for_the_same():
    texts = [text for pair in SAME + OTHER for text in pair] + ["", "！？", "井", "井盖"]
    for first, second in itertools.product(texts, texts):
        score = similarity(first, second).score
        assert 0 <= score <= 1
        assert score == similarity(second, first).score
    assert all(similarity(text, text).score == 1 for text in texts if grams(text))
    assert similarity("", "").score == 0


@pytest.mark.parametrize(
    ("numeral", "value"), [("三", 3), ("十", 10), ("十五", 15), ("二十", 20), ("一百零二", 102), ("二〇二", 202)]
)
def test_numerals(numeral, value):
    assert number_of(numeral) == value


def test_a_numeral_that_counts_nothing_stays():
    assert normalised("一直没人修") == "一直没人修"
    assert normalised("三盏灯、第十五号楼") == "3盏灯 第15号楼"
