"""The model learns, says how sure it is, survives packing, and its report counts what it says it counts."""

import dataclasses

import pytest

from yiwang.engines.language.api import Guess, Model, calibrated, report, train, unpacked
from yiwang.kernel.errors import SpecError

SAMPLES = [
    (f"{place}{what}", name)
    for place in ("小学门口", "市场东侧", "桥头", "公园")
    for name, whats in {
        "lamp": ("路灯不亮", "路灯闪烁", "灯杆歪了"),
        "waste": ("垃圾没人清", "垃圾成堆", "垃圾桶满了"),
        "road": ("路面有坑", "地砖松动", "路面裂缝"),
    }.items()
    for what in whats
]


def test_it_learns_and_says_why():
    model = train(SAMPLES)
    best = model.guesses("医院旁边三盏路灯都唔着")[0]
    assert best.name == "lamp" and best.confidence > 0.5
    assert "路灯" in model.reasons("医院旁边三盏路灯都唔着", "lamp")
    assert sum(model.shares("随便什么").values()) == pytest.approx(1, abs=1e-5)
    assert len({guess.name for guess in model.guesses("")}) == 3


def test_the_same_samples_give_the_same_model_and_packing_loses_nothing_that_matters():
    first, second = train(SAMPLES), train(SAMPLES)
    assert (first.weights == second.weights).all()
    packed = first.packed()
    assert len(packed) < 20_000
    again = unpacked(packed)
    for text, _ in SAMPLES:
        assert again.guesses(text)[0].name == first.guesses(text)[0].name
        assert again.guesses(text)[0].confidence == pytest.approx(first.guesses(text)[0].confidence, abs=0.03)
    small = first.pruned(60)
    assert len(small.vocabulary) == 60 and small.guesses(SAMPLES[0][0])[0].name == SAMPLES[0][1]
    with pytest.raises(ValueError):
        unpacked(b"something else")


def test_one_class_is_no_choice():
    with pytest.raises(SpecError):
        train([("路灯不亮", "lamp")])


def test_calibration_lowers_confidence_where_the_model_errs():
    model = train(SAMPLES)
    wrong = [(text, {"lamp": "waste", "waste": "road", "road": "lamp"}[name]) for text, name in SAMPLES[:12]]
    cool = calibrated(model, [*SAMPLES, *wrong])
    assert cool.temperature > calibrated(model, SAMPLES).temperature
    assert calibrated(model, []) is model


class Fixed(Model):
    """Answers what the text says: `lamp 0.9` is a guess of lamp with that confidence."""

    def guesses(self, text, at_most=4):
        name, confidence = text.split()
        return (Guess(name, float(confidence)), Guess("road", 0.0), Guess("waste", 0.0))[:at_most]


def test_the_report_counts_by_hand():
    blank = {field.name: () for field in dataclasses.fields(Model)}
    made = report(
        Fixed(**blank),
        [("lamp 0.9", "lamp"), ("lamp 0.7", "road"), ("lamp 0.3", "lamp"), ("lamp 0.65", "river")],
        threshold=0.6,
    )
    assert (made.count, made.accuracy, made.top_three) == (4, 0.5, 0.75)
    assert (made.sure, made.sure_accuracy) == (0.75, pytest.approx(1 / 3))
    assert made.confused == (("road", "lamp", 1), ("river", "lamp", 1))
    assert made.calibration_error == pytest.approx((1 * 0.1 + 2 * abs(0.675 - 0) + 1 * abs(0.3 - 1)) / 4)
    assert report(Fixed(**blank), []).accuracy is None
