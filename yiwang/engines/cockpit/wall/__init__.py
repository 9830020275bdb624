"""The wall of a command centre: what happens now, told to every open screen by one stream."""
