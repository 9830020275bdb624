"""The registry engine 登记: the screens on which administrators keep divisions, offices, staff, calendars, parties."""
