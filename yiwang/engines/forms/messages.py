"""What people read when a value is refused: one sentence that says what is wrong and what to do, by code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from yiwang.engines.forms.field_words import Field
from yiwang.kernel.wording import about


@dataclass(frozen=True, slots=True)
class FieldError:
    """One refused field. `path` is its dotted path (`items.0.name`), `part` the input inside it (`id_number`) or ''."""

    path: str
    code: str
    message_zh: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal before it is put in words: the code, the facts its sentence needs, the input inside the field."""

    code: str
    facts: dict[str, Any]
    part: str = ""


SENTENCES = {
    "FORM_REQUIRED": _("请填写{title}。"),
    "FORM_CHOICE_REQUIRED": _("请选择{title}。"),
    "FORM_UPLOAD_REQUIRED": _("请上传{title}。"),
    "FORM_SIGNATURE_REQUIRED": _("请签署{title}。"),
    "FORM_PLACE_REQUIRED": _("请在地图上选定{title}。"),
    "FORM_PLACE_OR_ADDRESS_REQUIRED": _("请在地图上选定{title}，或填写地址。"),
    "FORM_CONSENT_REQUIRED": _("请先勾选“{title}”。"),
    "FORM_GROUP_REQUIRED": _("请至少填写{limit}项{title}。"),
    "FORM_GROUP_TOO_MANY": _("{title}最多{limit}项，请删去多余的。"),
    "FORM_MALFORMED": _("{title}的格式不对，请重新填写。"),
    "FORM_PATTERN": _("{title}的格式不对，请填写如“{example}”的内容。"),
    "FORM_CONTROL_CHARACTER": _("{title}含有无法保存的字符，请删去后重新输入。"),
    "FORM_TOO_LONG": _("{title}最多{limit}个字，现有{length}个字，请删减。"),
    "FORM_TOO_SHORT": _("{title}至少{limit}个字，请补充。"),
    "FORM_PHONE": _("{title}不是有效的电话号码，请填写11位手机号或带区号的座机号。"),
    "FORM_EMAIL": _("{title}不是有效的电子邮箱，请填写如“name@example.cn”的邮箱。"),
    "FORM_POSTAL_CODE": _("{title}应为6位数字的邮政编码，请核对后重填。"),
    "FORM_RESIDENT_ID": _("{title}的身份证号码校验不通过，请对照证件逐位核对后重填。"),
    "FORM_CREDIT_CODE": _("{title}的统一社会信用代码校验不通过，请对照营业执照逐位核对后重填。"),
    "FORM_NUMBER": _("{title}应为数字，请填写如“{example}”的数字。"),
    "FORM_DECIMALS": _("{title}最多{limit}位小数，请更正。"),
    "FORM_WHOLE_NUMBER": _("{title}应为整数，请去掉小数部分。"),
    "FORM_TOO_SMALL": _("{title}不能小于{limit}{unit}，请更正。"),
    "FORM_TOO_BIG": _("{title}不能大于{limit}{unit}，请更正。"),
    "FORM_MONEY": _("{title}应为金额，请填写如“12.50”的数字。"),
    "FORM_DATE": _("{title}不是有效的日期，请填写如“2026-05-01”的日期。"),
    "FORM_DATE_TIME": _("{title}不是有效的时间，请填写如“2026-05-01 09:30”的日期和时间。"),
    "FORM_TOO_EARLY": _("{title}不能早于{limit}，请更正。"),
    "FORM_TOO_LATE": _("{title}不能晚于{limit}，请更正。"),
    "FORM_BOOLEAN": _("{title}只能选“是”或“否”，请重新选择。"),
    "FORM_NO_SUCH_OPTION": _("{title}没有这个选项，请从列表中重新选择。"),
    "FORM_OPTION_NOT_OFFERED": _("{title}的所选项与其他内容不符，请重新选择。"),
    "FORM_UNKNOWN_DIVISION": _("{title}中没有代码为“{value}”的区划，请从列表中重新选择。"),
    "FORM_PLACE_OUTSIDE": _("该位置不在本区范围内，请重新选定{title}。"),
    "FORM_PLACE_INCOMPLETE": _("{title}的经度和纬度须同时填写，请补齐或全部清除。"),
    "FORM_PARTY_NAME": _("请填写{title}的{name}。"),
    "FORM_PARTY_NUMBER": _("请填写{title}的{number}。"),
    "FORM_PARTY_PHONE": _("请填写{title}的联系电话。"),
    "FORM_TOO_FEW_FILES": _("{title}至少上传{limit}个，请补充。"),
    "FORM_TOO_MANY_FILES": _("{title}最多上传{limit}个，请删去多余的。"),
    "FORM_FOREIGN_FILE": _("{title}中有文件已失效，请重新上传。"),
    "FORM_UNKNOWN_FIELD": _("没有“{key}”这个填写项，请删去后重试。"),
    "FORM_NOT_WRITABLE": _("您不能修改{title}，请保持原值后重试。"),
    "FORM_SIGNATURE_CONSENT": _("请勾选确认声明，以键入的姓名作为{title}。"),
    "FORM_NOT_VALID": "{message}",
    "FORM_NOT_LISTED": _("{title}中没有“{value}”，请从列表中重新选择。"),
    "FORM_NOT_DATA": _("提交的内容无法识别，请刷新页面后重新填写。"),
}

_REQUIRED = {
    "choice": "FORM_CHOICE_REQUIRED",
    "boolean": "FORM_CHOICE_REQUIRED",
    "division": "FORM_CHOICE_REQUIRED",
    "listed": "FORM_CHOICE_REQUIRED",
    "date": "FORM_CHOICE_REQUIRED",
    "date_time": "FORM_CHOICE_REQUIRED",
    "photo": "FORM_UPLOAD_REQUIRED",
    "file": "FORM_UPLOAD_REQUIRED",
    "signature": "FORM_SIGNATURE_REQUIRED",
    "place": "FORM_PLACE_REQUIRED",
    "group": "FORM_GROUP_REQUIRED",
}


def required(field: Field) -> Problem:
    """The refusal of a missing value, in the words of its kind of field."""
    if getattr(field, "consent", False):
        return Problem("FORM_CONSENT_REQUIRED", {})
    if getattr(field, "unknown_allowed", False):
        return Problem("FORM_PLACE_OR_ADDRESS_REQUIRED", {})
    least = getattr(field, "at_least", 0)
    if least > 1 and field.kind in ("photo", "file"):
        return Problem("FORM_TOO_FEW_FILES", {"limit": least})
    return Problem(_REQUIRED.get(field.kind, "FORM_REQUIRED"), {"limit": max(1, least)})


def in_words(path: str, field: Field, problem: Problem) -> FieldError:
    """The error people read, in the active language."""
    text = about(gettext(SENTENCES[problem.code]), gettext(field.title), **problem.facts)
    return FieldError(path, problem.code, text, problem.part)
