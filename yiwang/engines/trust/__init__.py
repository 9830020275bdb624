"""What is true: the journal that cannot be changed unnoticed.

Three nouns. A *stream* is the history of one thing (a case, a definition, a person's log-ins); an *entry* is one fact
in it, hashed with SM3 over all its columns and the hash before it; a *seal* is the daily Merkle root over the heads of
all streams, chained to the seal before.

Invariants: sequences in a stream run 1, 2, 3 … without a gap; the head (sequence and hash) is kept outside the journal
by whoever owns the stream and changes in the same transaction; an entry is never updated or deleted: the database
refuses.
"""
