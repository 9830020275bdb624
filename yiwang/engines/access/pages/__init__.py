"""Pages of access: log-in and second step for everybody, the account page for whoever is logged in."""
