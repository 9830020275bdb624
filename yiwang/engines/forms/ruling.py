"""The compiled conditions of one level (a form, or the rows of a group), settled in order of dependence."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from django.utils.translation import gettext

from yiwang.engines.forms.field_words import Choice, Field, Group, Listed
from yiwang.engines.forms.lookups import entries
from yiwang.engines.forms.messages import Problem, required
from yiwang.engines.forms.typed import COMPUTABLE, typed, untyped
from yiwang.engines.rules.api import Expression, FeelSyntaxError, compile_expression
from yiwang.kernel.errors import SpecError

Values = dict[str, Any]
_STRING = re.compile(r'"(?:\\.|[^"\\])*"')
_BARE_NAME = re.compile(r"(?<![\w.])([a-z][a-z0-9_]*)\b(?!\s*[(:])")


def _compiled(where: str, attribute: str, text: str, names: Collection[str]) -> Expression | None:
    if not text:
        return None
    try:
        expression = compile_expression(text, names=names)
        expression.check_names(names)
    except FeelSyntaxError as error:
        place = f"line {error.line}, column {error.column}"
        raise SpecError(where, f"{attribute} '{text[:80]}', {place}: {error.message_zh}", error.hint) from None
    _check_built_ins(where, attribute, text, frozenset(names) - expression.names)
    return expression


def _check_built_ins(where: str, attribute: str, text: str, unread: Collection[str]) -> None:
    """A key such as `count` would silently mean FEEL's function of that name."""
    bare = set(_BARE_NAME.findall(_STRING.sub("", text)))
    taken = sorted(bare.intersection(unread))
    if taken:
        raise SpecError(
            where,
            f"{attribute} '{text[:80]}' reads '{taken[0]}', a FEEL function.",
            "Rename that field, as 'quantity'.",
        )


def _row_keys(fields: Iterable[Field]) -> frozenset[str]:
    """Keys of group rows: in a filter such as items[amount > 5] they stand without the group's name."""
    return frozenset(child.key for item in fields if isinstance(item, Group) for child in item.fields)


class Rule:
    """One field with its conditions. `needs` are the names that must be settled before it."""

    def __init__(self, where: str, field: Field, names: Collection[str]) -> None:
        place = f"{where}, {field.where}"
        self.field, self.key = field, field.key
        self.visible = _compiled(place, "visible_when", field.visible_when, names)
        self.computed = _compiled(place, "computed", field.computed, names)
        self.required = _compiled(place, "required_when", field.required_when, names)
        self.valid = _compiled(place, "valid_when", field.valid_when, names)
        self.options = None
        self.parents: dict[str, str] = {}
        self.rows: Ruling | None = None
        self.has_row_rules = False
        if isinstance(field, Choice):
            self.options = _compiled(place, "options_when", field.options_when, names)
            self.parents = {option.key: option.parent for option in field.listed if option.parent}
        if isinstance(field, Group):
            self.rows = Ruling(place, field.fields, names)
            self.has_row_rules = self.rows.has_rules
        self.always_required = bool(field.visible_when) and (field.required or getattr(field, "at_least", 0) > 0)
        if field.computed and field.kind not in COMPUTABLE:
            raise SpecError(place, f"kind '{field.kind}' cannot be computed.", "Compute a text, number, money or date.")

    @property
    def needs(self) -> frozenset[str]:
        """Names whose final values this field's visibility, value and rows depend on."""
        found: set[str] = set(self.rows.outer_names) if self.rows else set()
        for expression in (self.visible, self.computed):
            found |= set(expression.names) if expression else set()
        return frozenset(found)

    @property
    def names(self) -> frozenset[str]:
        """All names any condition of this field reads."""
        found = set(self.needs)
        for expression in (self.required, self.valid, self.options):
            found |= set(expression.names) if expression else set()
        return frozenset(found)

    @property
    def is_late(self) -> bool:
        """Whether something is checked once all values are settled."""
        late = (self.required, self.valid, self.options, self.always_required, self.parents)
        return any(late) or (self.rows is not None and self.rows.has_late)


class Ruling:
    """All rules of a level. `order` are those that hide, compute or hold rows; `late` those that check afterwards."""

    def __init__(self, where: str, fields: Iterable[Field], outer: Collection[str] = ()) -> None:
        listed = tuple(fields)
        self.where, self.keys = where, tuple(field.key for field in listed)
        known = frozenset(outer) | frozenset(self.keys) | _row_keys(listed)
        rules = {field.key: Rule(where, field, known) for field in listed}
        _check_parents(where, rules)
        read = frozenset().union(*(rule.names for rule in rules.values()))
        self.outer_names = read - frozenset(self.keys)
        self.converters = tuple((rule.key, typed(rule.field)) for rule in rules.values() if rule.key in read)
        self.order = tuple(
            rules[key]
            for key in _ordered(where, rules)
            if rules[key].visible or rules[key].computed or rules[key].has_row_rules
        )
        self.late = tuple(rule for rule in rules.values() if rule.is_late)
        self.has_late = bool(self.late)
        self.has_rules = bool(self.order or self.late)
        self._turn = dict(self.converters)

    def context(self, values: Mapping[str, Any], outer: Mapping[str, Any] | None = None) -> Values:
        """The FEEL context of these JSON values: only the names some rule reads."""
        own = {key: turn(values[key]) if key in values else None for key, turn in self.converters}
        return {**outer, **own} if outer else own

    def settle(self, values: Values, context: Values, hidden: set[str], prefix: str = "") -> None:
        """Drop hidden values, put computed ones in; `values` and `context` change, `hidden` gets dotted paths."""
        for rule in self.order:
            key = rule.key
            if rule.visible and rule.visible.value(context) is not True:
                hidden.add(prefix + key)
                values.pop(key, None)
            elif rule.computed:
                _put(values, key, untyped(rule.field, rule.computed.value(context)))
            elif rule.rows and key in values:
                rule.rows.settle_rows(values[key], context, hidden, f"{prefix}{key}.")
            else:
                continue
            if key in self._turn:
                context[key] = self._turn[key](values.get(key))

    def settle_rows(self, rows: Any, outer: Values, hidden: set[str], prefix: str) -> None:
        """`settle` for each row of a group; what is no row is left for the schema to refuse."""
        for index, row in enumerate(rows if isinstance(rows, list) else ()):
            if isinstance(row, dict):
                self.settle(row, self.context(row, outer), hidden, f"{prefix}{index}.")

    def offered(self, field: Choice, values: Mapping[str, Any], context: Values) -> frozenset[str] | None:
        """Keys that `options_when` leaves on offer; None for all."""
        rule = next((rule for rule in self.late if rule.key == field.key), None)
        found = rule.options.value(context) if rule and rule.options else None
        return frozenset(item for item in found if isinstance(item, str)) if isinstance(found, list) else None


def _put(values: Values, key: str, value: Any) -> None:
    if value is None:
        values.pop(key, None)
    else:
        values[key] = value


def late_problem(rule: Rule, values: Values, context: Values) -> Problem | None:
    """What the other fields' values say against this visible field's value, or None."""
    if rule.key not in values:
        demanded = rule.always_required or (rule.required and rule.required.value(context) is True)
        return required(rule.field) if demanded and _has_answers(rule.field) else None
    value = values[rule.key]
    if not _is_on_offer(rule, value, values, context):
        return Problem("FORM_OPTION_NOT_OFFERED", {})
    if rule.valid and rule.valid.value(context) is False:
        return Problem("FORM_NOT_VALID", {"message": gettext(rule.field.invalid_message)})
    return None


def _has_answers(field: Field) -> bool:
    """A list that nobody keeps in this district asks nothing."""
    return not isinstance(field, Listed) or bool(entries(field.source))


def _is_on_offer(rule: Rule, value: Any, values: Values, context: Values) -> bool:
    chosen = value if isinstance(value, list) else [value]
    if rule.parents and isinstance(rule.field, Choice):
        parent = values.get(rule.field.parent)
        if any(rule.parents.get(item) != parent for item in chosen):
            return False
    offered = rule.options.value(context) if rule.options else None
    return not isinstance(offered, list) or all(item in offered for item in chosen)


def _check_parents(where: str, rules: Mapping[str, Rule]) -> None:
    for rule in rules.values():
        if not isinstance(rule.field, Choice) or not rule.field.parent:
            continue
        above = rules[rule.field.parent].field if rule.field.parent in rules else None
        if not isinstance(above, Choice) or above.multiple:
            choices = [key for key, other in rules.items() if isinstance(other.field, Choice) and key != rule.key]
            raise SpecError(
                where, f"{rule.field.where} has parent '{rule.field.parent}'.", f"Single choices here: {choices}."
            )
        known = {option.key for option in above.listed}
        for option in rule.field.listed:
            if option.parent not in known:
                raise SpecError(
                    where,
                    f"option '{option.key}' of '{rule.key}' names parent option '{option.parent}'.",
                    f"Options of '{above.key}': {', '.join(sorted(known))}.",
                )


def _ordered(where: str, rules: Mapping[str, Rule]) -> tuple[str, ...]:
    graph = {key: [name for name in sorted(rule.needs) if name in rules] for key, rule in rules.items()}
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        path = " → ".join(reversed(error.args[1]))
        raise SpecError(
            where, f"fields depend on each other in a circle: {path}.", "Break it at one of them."
        ) from None
