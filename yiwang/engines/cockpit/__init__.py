"""The cockpit engine: what it means: indicators, boards, reports. Its room stands; nothing has moved in yet."""
