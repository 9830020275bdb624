"""What the worker does for the direct line."""

from __future__ import annotations

from yiwang.apps.governance.direct_line.services.incidents import bring_back_missed

DUTIES = (("城市事件的答复", bring_back_missed, 30.0),)
