"""责任与派遣 dispatch: which unit leads, which help, on which level, and when a matter rises."""
