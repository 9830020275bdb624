"""Every write of exchange: what came in, what is told, and who keeps the connections."""
