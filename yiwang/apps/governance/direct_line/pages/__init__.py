"""Pages of the direct line: the desk, the callbacks, the knowledge base, the rates."""
