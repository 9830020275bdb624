"""城市管理类别与部件 catalogue: what a city's problems are called, when each counts, how soon it must be put right."""
