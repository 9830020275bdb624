"""The datahub engine: what is known: catalogue, collection, quality, sharing. Its room stands; nothing has moved in yet."""
