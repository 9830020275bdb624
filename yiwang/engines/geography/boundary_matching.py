"""Which division each feature of a boundary file is: by code where it has one, else by name. No database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from yiwang.engines.geography.boundary_file import Feature, Findings, fault
from yiwang.engines.geography.codes import DIGITS, level_of, significant
from yiwang.engines.geography.outlines import bare_name
from yiwang.engines.geography.spec import LEVEL_LENGTH, LEVELS
from yiwang.kernel.errors import InvalidInput


def level_for(features: Iterable[Feature], names: Mapping[str, str]) -> str:
    """The level the file is about: that of its codes, else the one where most names are known; '' when unclear."""
    features = list(features)
    for feature in features:
        try:
            return level_of(significant(feature.code))
        except InvalidInput:
            continue
    wanted = {bare_name(feature.name) for feature in features}
    counts = dict.fromkeys(LEVELS, 0)
    for code, name in names.items():
        counts[DIGITS[len(code)]] += bare_name(name) in wanted
    best = max(counts, key=lambda level: counts[level])
    return best if counts[best] else ""


def match(features: Iterable[Feature], names: Mapping[str, str], level: str) -> tuple[dict[str, Feature], Findings]:
    """Features by stored code, and a fault for each that is unknown, ambiguous, contradictory or there twice.

    A grid cell may be new when its village is known and it has a name.
    """
    known = {code: name for code, name in names.items() if len(code) == LEVEL_LENGTH[level]}
    by_name: dict[str, list[str]] = defaultdict(list)
    for code, name in known.items():
        for key in {name, bare_name(name)}:
            by_name[key].append(code)
    found: dict[str, Feature] = {}
    faults = Findings()
    for feature in features:
        code, wrong = _coded(feature, names, known, by_name) if feature.code else _named(feature, known, by_name)
        if not wrong and code in found:
            wrong = f"与{found[code].title}是同一个区划，请合并为一个多面或删去一个。"
        if wrong:
            faults.append(fault(f"feature {feature.number}", "BOUNDARY_MATCH", f"{feature.title}：{wrong}"))
        else:
            found[code] = feature
    return found, faults


ByName = Mapping[str, list[str]]


def _coded(
    feature: Feature, names: Mapping[str, str], known: Mapping[str, str], by_name: ByName
) -> tuple[str, str]:
    try:
        code = significant(feature.code)
    except InvalidInput as error:
        return "", error.message
    if code not in known:
        is_new_cell = len(code) == 16 and code[:12] in names and feature.name
        return (code, "") if is_new_cell else ("", _unknown(code, feature, names, known, by_name))
    other = [one for one in by_name.get(feature.name, ()) if one != code]
    if other and bare_name(feature.name) != bare_name(known[code]):
        return "", f"代码{code}是{known[code]}，名称却是{feature.name}（{other[0]}），请更正其一。"
    return code, ""


def _unknown(
    code: str, feature: Feature, names: Mapping[str, str], known: Mapping[str, str], by_name: ByName
) -> str:
    if code in names:
        return f"{code}是{LEVELS[level_of(code)]}，与文件中其他要素的层级不同。"
    near = by_name.get(feature.name) or get_close_matches(code, known, n=2, cutoff=0.7)
    hint = "、".join(f"{one} {known[one]}" for one in near)
    need = "新网格须填写名称且村居代码有效；" if len(code) == 16 else ""
    return f"没有代码为{code}的区划。{need}{f'您要填的是不是{hint}？' if hint else '请核对代码。'}"


def _named(feature: Feature, known: Mapping[str, str], by_name: ByName) -> tuple[str, str]:
    if not feature.name:
        return "", "既没有区划代码也没有名称，请补上 code 或 name。"
    codes = by_name.get(feature.name) or by_name.get(bare_name(feature.name)) or []
    if len(codes) == 1:
        return codes[0], ""
    if codes:
        return "", f"有{len(codes)}个区划叫这个名称（{'、'.join(codes[:4])}），请补上区划代码。"
    near = get_close_matches(feature.name, by_name, n=2, cutoff=0.5)
    hint = "、".join(f"{by_name[one][0]} {known[by_name[one][0]]}" for one in near)
    return "", f"没有名为“{feature.name}”的区划。{f'您要填的是不是{hint}？' if hint else '请补上区划代码。'}"
