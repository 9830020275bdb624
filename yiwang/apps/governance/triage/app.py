"""非警务、非紧急分流 triage (R38): what belongs to 110, 119 or 120 is passed on at once; the rest gets a class suggested."""

from __future__ import annotations

from yiwang.kernel.app import App

APP = App(key="triage", title="非警务非紧急分流", net="governance", rows=("R38",))
