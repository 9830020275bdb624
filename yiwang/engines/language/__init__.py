"""Language: what a short Chinese text says: likeness, classes with a confidence, patterns with their negatives."""
