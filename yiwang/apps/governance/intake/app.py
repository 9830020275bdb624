"""事件上报 intake (R37): e-mail, sensors and other programs report in the same form as citizens do.

Limits and confidences are proposals: no source states them.
"""

from __future__ import annotations

from yiwang.apps.governance.intake.rights import AGAIN, READ, SEND
from yiwang.engines.directory.spec import Role
from yiwang.kernel.app import App

CLERK = Role(key="intake_clerk", title="收件员", scope="town", also=("district",), may=(READ, AGAIN, SEND))
PROGRAM = Role(key="reporting_program", title="上报程序", scope="district", may=(SEND,), at=("data",))
"""An account that stands for a machine: it may report, and read nothing but the answer."""

APP = App(key="intake", title="事件上报", net="governance", rows=("R37",), parts=(CLERK, PROGRAM))
