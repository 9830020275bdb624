"""Evidence: where and when a photo was taken, and whether it proves what it is shown for."""
