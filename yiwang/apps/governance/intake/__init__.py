"""事件上报 intake (R37): reports by e-mail and from other programs, in the one form of all incidents."""
