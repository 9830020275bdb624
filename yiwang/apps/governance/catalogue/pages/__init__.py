"""Pages of the catalogue: classes, their import, the component ledger."""
