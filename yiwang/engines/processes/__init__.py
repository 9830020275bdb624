"""The processes engine: what a process means. Words, bundles, graphs, and the pure step; nothing here is stored.

Three nouns: a *bundle* is a definition as JSON, a *graph* is a bundle compiled, a *state* is a case between two steps.
`step(graph, state, command, surroundings)` knows no database and no clock; the cases engine keeps what it returns.
"""
