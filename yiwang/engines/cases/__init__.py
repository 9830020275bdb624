"""The cases engine: what must be done: processes, tasks, clocks, hand-over."""
