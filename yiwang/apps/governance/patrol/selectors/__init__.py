"""Every read of the patrol; the actor comes first."""
