"""Who works on city incidents: the centres of towns and district, and those who put things right on three levels."""

from __future__ import annotations

from yiwang.engines.directory.spec import Role

BUREAUS = ("water", "urban", "traffic", "power")

ACCEPTOR = Role(
    key="acceptor", title="受理员", scope="town", also=("district",),
    may=("open", "cancel", "suspend", "resume", "merge", "see_personal", "emergency.transfer"),
)  # fmt: skip
DISPATCHER = Role(
    key="dispatcher", title="派遣员", scope="town", also=("district",),
    may=("open", "transfer", "extend", "refuse_extension", "defer", "refuse_deferral", "cancel", "merge"),
)  # fmt: skip
HANDLER = Role(key="handler", title="处置人员", scope="town", sees="organisation", at=BUREAUS, may=("open",))
VILLAGE_HANDLER = Role(
    key="village_handler", title="村居处置员", scope="town", sees="organisation", at=("village",), may=("open",)
)
DISTRICT_HANDLER = Role(
    key="district_handler", title="区级处置人员", scope="district", sees="organisation", at=BUREAUS, may=("open",)
)
INSPECTOR = Role(key="inspector", title="核查员", scope="town", also=("district",), may=("open",))
SUPERVISOR = Role(
    key="supervisor",
    title="值班长",
    scope="district",
    may=(
        "supervise", "lift_supervision", "circulate", "suspend", "resume", "extend", "refuse_extension", "defer",
        "refuse_deferral", "cancel", "transfer", "merge",
    ),
)  # fmt: skip
