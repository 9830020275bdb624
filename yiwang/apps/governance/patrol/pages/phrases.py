"""Every text of the phone page in the reader's language; the scripts hold none."""

from __future__ import annotations

from django.utils.translation import gettext

from yiwang.apps.governance.patrol.kinds import PLACE_KINDS, RISKS


def phrases() -> dict[str, object]:
    """By key; `{…}` are filled in by the page."""
    return {
        "kinds": {key: gettext(title) for key, title in PLACE_KINDS.items()},
        "risks": {key: gettext(title) for key, title in RISKS.items()},
        **_states(),
        **_acts(),
        **_sentences(),
    }


def _states() -> dict[str, object]:
    return {
        "waiting": gettext("待上传"), "sent": gettext("已上传"), "returned": gettext("被退回"),
        "duplicate": gettext("已上传，记为重复"), "late": gettext("迟报"), "online": gettext("已联网"),
        "offline": gettext("离线，可继续巡查"), "overdue": gettext("已逾期"), "due": gettext("今日应巡"),
        "week": gettext("本周应巡"), "later": gettext("未到期"), "done": gettext("已巡查"),
        "yes": gettext("是"), "no": gettext("否"), "here": gettext("在网格内"),
        "away": gettext("在网格外约 {metres} 米"),
        "accuracy": gettext("精度 {metres} 米"), "by_map": gettext("地图选点"), "incident": gettext("随手拍"),
    }  # fmt: skip


def _acts() -> dict[str, object]:
    return {
        "save": gettext("保存"), "again": gettext("重新定位"), "photo": gettext("拍照"),
        "remove": gettext("删除"), "retry": gettext("另存为新记录重传"), "upload": gettext("立即上传"),
        "log_in": gettext("重新登录"), "update": gettext("更新巡查计划"), "back": gettext("返回"),
        "correct": gettext("修改后重传"),
    }  # fmt: skip


def _sentences() -> dict[str, object]:
    return {
        "no_plan": gettext("还没有巡查计划。请联网并登录后点“更新巡查计划”。"),
        "no_cells": gettext("您还不是任何网格的网格长，请联系巡查督导员任命。"),
        "no_due": gettext("今日没有待巡场所，辛苦了。"),
        "empty_queue": gettext("没有待上传的记录。"),
        "log_in_first": gettext("登录已过期。未上传的记录都在手机里，登录后自动上传。"),
        "plan_age": gettext("计划更新于 {time}"),
        "plan_old": gettext("巡查计划已超过72小时未更新，请尽快联网。"),
        "skew": gettext("手机时钟与服务器相差约 {minutes} 分钟，上传时会自动更正。"),
        "kept": gettext("已存入手机，联网后自动上传。"),
        "fill": gettext("请填写：{title}"),
        "no_position": gettext("没有取得定位。请到开阔处重试，或在图上点出位置。"),
        "locating": gettext("正在定位……"),
        "tap_map": gettext("点图可更正位置"),
        "failed": gettext("网络不通，稍后自动重试。"),
        "full": gettext("手机存储空间不足，请先联网上传。"),
        "walk": gettext("今日 {count} 处，步行约 {metres} 米"),
        "photo_broken": gettext("这张照片无法读取，请重拍。"),
        "other": gettext("由{name}记录，请本人登录后上传。"),
        "opened": gettext("已转为事件 {number}"),
        "describe": gettext("情况说明"), "class": gettext("问题类别"), "address": gettext("地点说明（选填）"),
    }  # fmt: skip
