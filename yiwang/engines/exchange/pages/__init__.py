"""Pages of exchange, and the one address other systems send to."""
