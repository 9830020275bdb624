"""Numbers of people and firms: checked, and masked for eyes. No database.

GB 11643 (persons: a day of birth that has come, a check digit of ISO 7064) and GB 32100 (firms). The place of birth in
a person's number is not judged: withdrawn codes and those of permanent residents from abroad stay valid for life.
"""

from __future__ import annotations

import re
from datetime import date

from django.utils.translation import gettext
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

_RESIDENT_ID = re.compile("[1-9][0-9]{16}[0-9X]\\Z")
_PHONE = re.compile(r"(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})\Z", re.ASCII)


def compact(number: str) -> str:
    """Without the blanks people group digits by, in capitals."""
    return "".join(number.split()).upper()


def resident_id_fault(number: str, today: date) -> str:
    """Why this is no GB 11643 number, in Chinese; '' when it is one."""
    if not _RESIDENT_ID.match(number):
        return "身份证号码应为18位：17位数字加1位数字或X，请对照证件核对。"
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "身份证号码中的出生日期不存在，请对照证件核对。"
    if born > today:
        return "身份证号码中的出生日期晚于今天，请对照证件核对。"
    if mod_11_2.checksum(number) != 1:
        return "身份证号码校验不通过，请对照证件逐位核对后重填。"
    return ""


def credit_code_fault(number: str) -> str:
    """Why this is no GB 32100 code, in Chinese; '' when it is one."""
    if len(number) != 18:
        return gettext("统一社会信用代码应为18位，现有{length}位，请对照营业执照核对。").format(length=len(number))
    return "" if uscc.is_valid(number) else "统一社会信用代码校验不通过，请对照营业执照逐位核对后重填。"


def phone_fault(number: str) -> str:
    """Why this is no telephone number, in Chinese; '' when it is one."""
    return "" if _PHONE.match(number) else "电话号码无效，请填写11位手机号或带区号的座机号。"


def masked(number: str, first: int = 4, last: int = 4) -> str:
    """The ends of a number, stars between them; a short number shows less of itself."""
    if len(number) <= first + last:
        first, last = 1, 1
    return number[:first] + "*" * (len(number) - first - last) + number[len(number) - last :]


def masked_phone(number: str) -> str:
    """138****5678."""
    return masked(number, 3, 4)
