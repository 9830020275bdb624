"""What changes something: mail and reports become cases, receipts are prepared."""
