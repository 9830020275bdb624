"""Every read of gathering: the actor comes first, and cases it may not see are left out."""
