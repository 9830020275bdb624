"""Every write of gathering: each in one transaction with its entries in the histories of the cases."""
