"""What the worker does for intake: mails become cases, receipts are prepared."""

from __future__ import annotations

from yiwang.apps.governance.intake.services.receipts import prepare_receipts
from yiwang.apps.governance.intake.services.receiving import take_mail

DUTIES = (("来信", take_mail, 5.0), ("来信回执", prepare_receipts, 5.0))
