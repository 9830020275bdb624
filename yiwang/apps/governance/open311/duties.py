"""What the worker does for the interface: what need not be remembered is forgotten."""

from __future__ import annotations

from yiwang.apps.governance.open311.services.submitting import forget_tests

DUTIES = (("开放接口测试数据", forget_tests, 600.0),)
