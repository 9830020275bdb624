"""城市大脑: one folder per system."""
