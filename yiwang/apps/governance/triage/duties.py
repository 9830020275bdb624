"""What the worker does for triage: a version of the model somebody wants is learnt."""

from __future__ import annotations

import logging

from django.db import Error

from yiwang.apps.governance.triage.closed_cases import class_samples
from yiwang.apps.governance.triage.models import LearntModel
from yiwang.apps.governance.triage.services.learning import give_up, learn

log = logging.getLogger("yiwang.triage")


def learn_wanted() -> int:
    """Learn the version that waits, if any; how many were tried. One that cannot be learnt is given up."""
    row_id = LearntModel.objects.filter(state="wanted").values_list("pk", flat=True).first()
    if row_id is None:
        return 0
    try:
        learn(row_id, class_samples())
    except Error:
        raise  # It waits until the database is back.
    except Exception:
        log.exception("Version %s could not be learnt", row_id)
        give_up(row_id)
    return 1


DUTIES = (("类别建议模型", learn_wanted, 20.0),)
