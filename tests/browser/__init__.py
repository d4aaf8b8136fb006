"""What only a real browser shows, in a real house: its own server, its own database, the demonstration inside."""
