"""全闭环统计: rates and league tables of the whole loop, reproducible down to the case."""
