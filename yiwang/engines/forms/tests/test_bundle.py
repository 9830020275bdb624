"""A form is the same form after a trip through JSON; a wrong bundle says where."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import pytest

from yiwang.engines.forms.api import compile_form, form_from_json, form_to_json
from yiwang.engines.forms.tests.samples import EVERYTHING, good_data
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.errors import SpecError

BUNDLE = form_to_json(EVERYTHING)


def test_it_comes_back_equal_even_with_sorted_keys() -> None:
    back = form_from_json(json.loads(canonical_json(BUNDLE)))
    assert back == EVERYTHING
    assert canonical_json(form_to_json(back)) == canonical_json(BUNDLE)


def test_equal_bundles_are_read_once() -> None:
    assert form_from_json(BUNDLE) is form_from_json(copy.deepcopy(BUNDLE))


def test_it_is_a_json_schema_that_other_validators_understand() -> None:
    jsonschema.Draft202012Validator.check_schema(BUNDLE)
    validator = jsonschema.Draft202012Validator(compile_form(EVERYTHING).schema)
    assert validator.is_valid(good_data())
    assert not validator.is_valid(good_data(kind="castle"))


def changed(path: str, value: Any) -> dict[str, Any]:
    bundle = copy.deepcopy(BUNDLE)
    *steps, last = path.split("/")
    holder = bundle
    for step in steps:
        holder = holder[step]
    holder[last] = value
    return bundle


WRONG = {
    "Did you mean 'text'": ("properties/reason/x-field/kind", "txt"),
    "Did you mean 'maximum'": ("properties/depth/x-field/maximun", "3"),
    "maximum is int, not str": ("properties/depth/x-field/maximum", 3),
    "required is str, not bool": ("properties/kind/x-field/required", "yes"),
    "/maximum is 99, but x-field says 30": ("properties/depth/maximum", 99),
    "says more than x-field": ("properties/depth/multipleOf", 2),
    "name different fields": ("x-layout/order", ["kind"]),
    "an option is str": ("properties/kind/x-field/options", ["a"]),
    "'script' is not a word": ("script", "alert()"),
    "lower-case": ("x-key", "A B"),
}


@pytest.mark.parametrize("words", WRONG)
def test_it_refuses_a_wrong_bundle(words: str) -> None:
    with pytest.raises(SpecError, match=words):
        form_from_json(changed(*WRONG[words]))


def test_it_refuses_what_is_no_json() -> None:
    with pytest.raises(SpecError, match="is not JSON"):
        form_from_json({"x-key": {1, object()}})
    with pytest.raises(SpecError, match="not dict"):
        form_from_json([])  # type: ignore[arg-type]
