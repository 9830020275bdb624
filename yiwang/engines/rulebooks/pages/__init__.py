"""Where people read, write and publish the rules."""
