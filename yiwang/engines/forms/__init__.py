"""The forms engine: what is asked.

Three nouns: a *field* asks one fact, a *form* asks fields at once, an *attachment* is a stored file known by its
content. Invariants: data that passed `validate` fits the form's JSON Schema; a person never writes a field they may not
write; an attachment never changes, and nobody can point at another's upload.
"""
