"""Cost of one class suggestion and one emergency judgement, in CPU time, with the quality on held-out texts beside it.

The sentences asked are the 194 written by hand that no model has learnt from, in turn.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

Figure = tuple[str, float, str, str, float | None]
ROUNDS = 5


def _milliseconds(work: Callable[[str], Any], texts: list[str]) -> float:
    """CPU time of one call: the best of several rounds over all texts."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for text in texts:
            work(text)
        best = min(best, (time.process_time() - start) / len(texts))
    return best * 1e3


def measure() -> list[Figure]:
    """(what, value, unit, name of the baseline, its value); a few seconds."""
    from yiwang.apps.governance.triage.judging import compiled
    from yiwang.apps.governance.triage.second_opinion import judge_by
    from yiwang.apps.governance.triage.standing import first_rows
    from yiwang.apps.governance.triage.suggesting import built_in, texts_of
    from yiwang.engines.language.api import report

    held_out = texts_of("held_out")
    texts = [text for text, _ in held_out]
    model, rules = built_in(), compiled(first_rows("emergencies"), first_rows("wording"))

    def suggested(text: str) -> object:
        return model.reasons(text, model.guesses(text)[0].name)

    made = report(model, held_out)
    return [
        ("language: one class suggestion with its reasons", _milliseconds(suggested, texts), "ms", "budget", 2.0),
        ("language: one emergency judgement", _milliseconds(lambda text: judge_by(rules, text), texts), "ms", "", None),
        ("language: held-out texts, first guess right", (made.accuracy or 0) * 100, "%", "", None),
        ("language: held-out texts, one of three right", (made.top_three or 0) * 100, "%", "", None),
        ("language: right among the sure", (made.sure_accuracy or 0) * 100, "%", "", None),
        ("language: calibration error", (made.calibration_error or 0) * 100, "%", "", None),
    ]


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.project.settings")
    django.setup()
    for name, value, unit, _, _ in measure():
        print(f"{name:55} {value:8.3f} {unit}")
