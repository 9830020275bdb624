"""The policies, tried."""
