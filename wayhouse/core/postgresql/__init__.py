"""Django's PostgreSQL, for a server that is restarted while the house is open (decision 42)."""
