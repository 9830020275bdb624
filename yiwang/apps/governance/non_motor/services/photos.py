"""Who may look at the photos of a violation: whoever sees the violation."""

from __future__ import annotations

from yiwang.apps.governance.non_motor.kinds import READ
from yiwang.apps.governance.non_motor.models import Violation
from yiwang.engines.directory.api import Actor
from yiwang.engines.forms.api import register_guard

KIND = "non_motor.violation"


def _may_see(actor: Actor, subject: str) -> bool:
    division = Violation.objects.filter(pk=subject).values_list("division", flat=True).first()
    return division is not None and actor.may(READ, division)


def guard() -> None:
    """Called once at start."""
    register_guard(KIND, _may_see)
