"""The geography engine: codes that nest, outlines, coordinates, files of boundaries. No database, no people."""
