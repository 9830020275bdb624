"""Makes the models that ship: `python -m yiwang.apps.governance.triage.first_model` after a change of their data.

It writes `data/first_model.npz`, `data/emergency_model.npz` and, beside them, the digest of what they were learnt from,
so that a test can tell stale ones without training.
"""

from __future__ import annotations

import hashlib
import os

from yiwang.apps.governance.triage import grammar
from yiwang.apps.governance.triage.grammar import DATA, phrases, sentences

SOURCES = ("phrases.csv", "sentence_parts.csv", "calibration.csv", "emergencies.csv", "emergency_texts.csv")


def digest() -> str:
    """SHA-256 of the data and of the grammar."""
    found = hashlib.sha256()
    for name in SOURCES:
        found.update((DATA / name).read_bytes())
    for name in ("grammar.py", "second_opinion.py"):
        found.update((DATA.parent / name).read_bytes())
    return found.hexdigest()


def main() -> None:
    """Train, write, and print the figures on the held-out texts."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.project.settings")
    import django

    django.setup()
    from yiwang.apps.governance.triage.second_opinion import learnt
    from yiwang.apps.governance.triage.suggesting import learnt_from, texts_of
    from yiwang.engines.language.api import report

    samples = [(text, code) for code, wording in phrases().items() for text in sentences(wording, grammar.A_CLASS)]
    model = learnt_from(samples)
    (DATA / "first_model.npz").write_bytes(model.packed())
    (DATA / "emergency_model.npz").write_bytes(learnt().packed())
    (DATA / "first_model.sha256").write_text(f"{digest()}\n", encoding="ascii")
    made = report(model, texts_of("held_out"))
    print(f"{len(samples)} sentences, {len(model.classes)} classes, {len(model.vocabulary)} runs of characters")
    print(f"held out: {made.count} texts, first {made.accuracy:.1%}, first three {made.top_three:.1%}")
    print(
        f"sure: {made.sure:.1%} of them, right {made.sure_accuracy:.1%}; calibration error {made.calibration_error:.1%}"
    )


if __name__ == "__main__":
    main()
