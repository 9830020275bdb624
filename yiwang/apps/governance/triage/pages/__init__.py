"""Pages of triage: advice beside a text, the try-out, transfers, versions of the model."""
