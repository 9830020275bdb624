"""The datahub engine: what is known: catalogue, collection, quality, sharing. An empty room so far."""
