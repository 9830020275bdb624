"""Patterns: found with their proof, hidden inside other sayings, set aside by what stands beside them."""

import pytest

from yiwang.engines.language.api import Context, Pattern, PatternSet
from yiwang.kernel.errors import SpecError

SET = PatternSet(
    (
        Pattern("knife", ("拿*刀", "持刀"), rank=3),
        Pattern("fight", ("打架",), rank=2),
        Pattern("smoke", ("冒烟",), together=(("楼", "房"),), unless=("烧烤",), within=4),
    ),
    Context(masks=("打架子鼓", "刀削面"), unless=("昨天", "担心"), done=("已处理",), now=("正在", "又打")),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("楼下有人打架", "fight"),
        ("楼下有人打架子鼓", ""),
        ("打架子鼓的人和邻居打架", "fight"),
        ("昨天有人打架", ""),
        ("昨天路灯坏了。有人打架", "fight"),
        ("昨天路灯坏了，有人打架", "fight"),
        ("昨天打过，现在又打，还在打架", "fight"),
        ("有人打架，民警已处理", ""),
        ("已处理完路灯，有人打架", "fight"),
        ("有人拿着　菜刀！", "knife"),
        ("有人拿着很长很长很长的刀", ""),
        ("楼里冒烟", "smoke"),
        ("树林冒烟", ""),
        ("楼下烧烤冒烟", ""),
        ("房子很旧很旧很旧很旧，冒烟", ""),
        ("有人打架，拿刀", "knife fight"),
        ("", ""),
    ],
)
def test_what_counts(text, found):
    assert " ".join(match.pattern.key for match in SET.read(text) if match.because is None) == found


def test_what_was_set_aside_says_why_and_where_it_is_written():
    (match,) = SET.read("ＡＢ，昨天 打架")
    assert (match.words[0].word, match.words[0].start, match.words[0].end) == ("打架", 6, 8)
    assert match.because.word == "昨天"


@pytest.mark.parametrize(
    "wrong", [{"words": ("*",)}, {"words": ("火",), "together": ((),)}, {"words": ("火",), "within": 0}]
)
def test_a_pattern_that_could_not_match_is_refused(wrong):
    with pytest.raises(SpecError):
        Pattern("wrong", **wrong)
