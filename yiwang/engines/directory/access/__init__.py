"""Access: who may come in, with what proof, and how long."""
