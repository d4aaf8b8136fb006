"""Core: refusing, pages and their parts, leaving quickly, help now, time. It knows no subject."""
