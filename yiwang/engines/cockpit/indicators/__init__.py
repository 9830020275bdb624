"""Indicators: figures counted from facts by declared formulas, each with the rows behind it and how it was counted."""
