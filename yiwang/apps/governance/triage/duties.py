"""What the worker does for triage: a version of the model somebody wants is learnt."""

from __future__ import annotations

from yiwang.apps.governance.triage.closed_cases import class_samples
from yiwang.apps.governance.triage.models import LearntModel
from yiwang.apps.governance.triage.services.learning import learn


def learn_wanted() -> int:
    """Learn the version that waits, if any; how many were learnt."""
    row_id = LearntModel.objects.filter(state="wanted").values_list("pk", flat=True).first()
    if row_id is None:
        return 0
    learn(row_id, class_samples())
    return 1


DUTIES = (("类别建议模型", learn_wanted, 20.0),)
