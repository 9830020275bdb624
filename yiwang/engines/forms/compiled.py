"""A form ready for work: its JSON Schema, its rules compiled, one fast validation for each set of field rights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs
from django.utils.safestring import SafeString

from yiwang.engines.forms import explaining
from yiwang.engines.forms.checking import Check, check_of
from yiwang.engines.forms.field_words import Group, Place
from yiwang.engines.forms.messages import FieldError, Problem, in_words
from yiwang.engines.forms.placing import with_division
from yiwang.engines.forms.ruling import Rule, Ruling, late_problem
from yiwang.engines.forms.schema import DRAFT, Schema, object_schema
from yiwang.engines.forms.spec import EVERY_FIELD, Form, check_rights

Rights = Mapping[str, str]
Data = dict[str, Any]
Errors = dict[str, FieldError]


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of a validation: `clean` data (trust it only without errors) and at most one error per field.

    `hidden` are the dotted paths the conditions took away.
    """

    clean: Data
    errors: list[FieldError] = field(default_factory=list)
    hidden: frozenset[str] = frozenset()

    @property
    def is_valid(self) -> bool:
        return not self.errors


class Plan:
    """What one set of rights means for the form: which fields may be seen and written, the schema of what is sent."""

    def __init__(self, form: Form, rights: Rights) -> None:
        default = rights.get(EVERY_FIELD, "write")
        right = {item.key: rights.get(item.key, default) for item in form.fields}
        computed = {item.key for item in form.fields if item.computed}
        self.visible = frozenset(key for key, word in right.items() if word != "hidden")
        self.writable = frozenset(key for key, word in right.items() if word == "write") - computed
        self.kept = frozenset(right) - self.writable - computed
        self.writes_all = len(self.writable) == len(form.fields)
        fields = [item for item in form.fields if item.key in self.writable]
        self.schema: Schema = object_schema(fields)
        self.validator = jsonschema_rs.Draft202012Validator(self.schema)
        self.checks = tuple((item.key, check) for item in fields if (check := check_of(item)))
        self.places = tuple(item.key for item in fields if isinstance(item, Place))
        self.groups = tuple(GroupChecks(item) for item in fields if isinstance(item, Group))


class GroupChecks:
    """The checks of a group's rows."""

    def __init__(self, group: Group) -> None:
        self.key = group.key
        self.fields = {item.key: item for item in group.fields}
        self.computed = frozenset(item.key for item in group.fields if item.computed)
        self.checks: tuple[tuple[str, Check], ...] = tuple(
            (item.key, check) for item in group.fields if (check := check_of(item))
        )
        self.places = tuple(item.key for item in group.fields if isinstance(item, Place))


class CheckedForm:
    """The form as validation sees it; `working.CompiledForm` adds the screen. Safe between threads."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.where = f"Form '{form.key}'"
        self.ruling = Ruling(self.where, form.fields)
        self.schema: Schema = {"$schema": DRAFT, "title": form.title} | object_schema(
            item for item in form.fields if not item.computed
        )
        self.blanks: dict[tuple[str, str], SafeString] = {}
        """Drawn fields without a value or an error, by path and language: most of what a fresh page shows."""
        self._plans: dict[frozenset[tuple[str, str]] | None, Plan] = {}

    def plan(self, rights: Rights | None) -> Plan:
        """The plan of these rights, made once; SpecError for unknown fields or words."""
        key = frozenset(rights.items()) if rights else None
        plan = self._plans.get(key)
        if plan is None:
            check_rights(self.where, self.form, rights or {})
            plan = self._plans.setdefault(key, Plan(self.form, rights or {}))
        return plan

    def validate(self, data: Any, *, rights: Rights | None = None, previous: Data | None = None) -> Checked:
        """Check JSON `data` written under `rights` over the `previous` data of the form.

        Empty values (null, "", []) count as absent. Unknown keys are errors. A value for a field one may only read, or
        not see, is an error unless it equals the previous one; previous values of such fields stay. Values of fields
        that a condition hides are dropped, computed values are set here whatever was sent.
        """
        if not isinstance(data, dict):
            return Checked({}, [explaining.not_data()])
        plan, errors = self.plan(rights), Errors()
        values = {key: value for key, value in data.items() if value or value is False or value == 0}
        if not plan.writable.issuperset(values):
            values = self._only_writable(plan, values, previous or {}, errors)
        if plan.groups:
            _copy_rows(plan.groups, values)
        kept = {key: previous[key] for key in plan.kept if key in previous} if previous and plan.kept else {}
        whole = {**kept, **values} if kept else values
        hidden: set[str] = set()
        context: Data = {}
        if self.ruling.has_rules:
            context = self.ruling.context(whole)
            self.ruling.settle(whole, context, hidden)
        self._check(plan, whole, previous, hidden, errors)
        if self.ruling.has_late:
            self._check_late(plan, whole, context, hidden, errors)
        return Checked(whole, explaining.in_order(self.form, errors.values()) if errors else [], frozenset(hidden))

    def _only_writable(self, plan: Plan, values: Data, previous: Data, errors: Errors) -> Data:
        for key in values.keys() - plan.writable:
            item = self.form.by_key.get(key) if key in plan.visible else None
            if values[key] == previous.get(key) or (item is not None and item.computed):
                continue
            errors[key] = explaining.unknown_field(key) if item is None else in_words(key, item, _NOT_WRITABLE)
        return {key: value for key, value in values.items() if key in plan.writable}

    def _check(self, plan: Plan, whole: Data, previous: Data | None, hidden: set[str], errors: Errors) -> None:
        written = whole if plan.writes_all else {key: whole[key] for key in plan.writable if key in whole}
        stripped = _without_computed(plan.groups, written) if plan.groups else written
        if not explaining.fits(plan.validator, stripped):
            explaining.explain(plan.validator, stripped, self.form, hidden, errors)
        _check_fields(plan.checks, whole, previous or {}, self.form, errors)
        for key in plan.places:
            if key in whole and key not in errors:
                whole[key] = with_division(whole[key])
        for group in plan.groups:
            _check_rows(group, whole.get(group.key), (previous or {}).get(group.key), errors)

    def _check_late(self, plan: Plan, whole: Data, context: Data, hidden: set[str], errors: Errors) -> None:
        writable = (rule for rule in self.ruling.late if rule.key in plan.writable)
        _late(writable, whole, context, hidden, errors, "")


def _check_fields(checks: Iterable[tuple[str, Check]], whole: Data, previous: Data, form: Form, errors: Errors) -> None:
    """A value that did not change is not judged again: what was right when it was accepted stays acceptable."""
    for key, check in checks:
        if key not in whole or key in errors or (key in previous and previous[key] == whole[key]):
            continue
        problem = check(whole[key])
        if problem is not None:
            errors[key] = in_words(key, form.by_key[key], problem)


_NOT_WRITABLE = Problem("FORM_NOT_WRITABLE", {})


def _late(rules: Iterable[Rule], values: Data, context: Data, hidden: set[str], errors: Errors, prefix: str) -> None:
    for rule in rules:
        path = prefix + rule.key
        if path in errors or path in hidden:
            continue
        problem = late_problem(rule, values, context)
        if problem is not None:
            errors[path] = in_words(path, rule.field, problem)
        elif rule.rows is not None and rule.rows.has_late:
            for index, row in enumerate(values.get(rule.key, ())):
                inner = rule.rows.context(row, context)
                _late(rule.rows.late, row, inner, hidden, errors, f"{path}.{index}.")


def _copy_rows(groups: Iterable[GroupChecks], values: Data) -> None:
    """Rows are changed while they are settled; the caller's data stays as it was. Empty cells count as absent."""
    for group in groups:
        rows = values.get(group.key)
        if isinstance(rows, list):
            values[group.key] = [_filled(row) if isinstance(row, dict) else row for row in rows]


def _filled(row: Data) -> Data:
    return {key: value for key, value in row.items() if value or value is False or value == 0}


def _without_computed(groups: Iterable[GroupChecks], written: Data) -> Data:
    found = written
    for group in groups:
        rows = written.get(group.key)
        if group.computed and isinstance(rows, list):
            found = {**found, group.key: [_asked(row, group.computed) for row in rows]}
    return found


def _asked(row: Any, computed: frozenset[str]) -> Any:
    return {key: value for key, value in row.items() if key not in computed} if isinstance(row, dict) else row


def _check_rows(group: GroupChecks, rows: Any, previous: Any, errors: Errors) -> None:
    if group.key in errors or not isinstance(rows, list):
        return
    before = [row for row in previous if isinstance(row, dict)] if isinstance(previous, list) else []
    for index, row in enumerate(rows):
        for key, check in group.checks:
            path = f"{group.key}.{index}.{key}"
            if key not in row or path in errors or any(old.get(key) == row[key] for old in before):
                continue
            problem = check(row[key])
            if problem is not None:
                errors[path] = in_words(path, group.fields[key], problem)
        for key in group.places:
            if key in row and f"{group.key}.{index}.{key}" not in errors:
                row[key] = with_division(row[key])
