"""城市部件事件: from a citizen's report to the rating."""
