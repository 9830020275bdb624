"""The desk engine 工作台: the screens on which people work cases: lists, details, forms, and the public side."""
