"""The access engine: who may come in, with what proof, and how long: log-in, second factor, sessions, tokens."""
