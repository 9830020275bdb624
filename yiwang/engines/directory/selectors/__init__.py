"""Every read of the directory that depends on who asks: the actor comes first."""
