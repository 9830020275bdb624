"""Every read of the case engine. The actor comes first; rows are already those it may see."""
