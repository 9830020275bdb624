"""The sensing engine: what is happening: devices, readings, alerts. Its room stands; nothing has moved in yet."""
