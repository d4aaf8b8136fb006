"""Django's SQLite, which reads the text of a statement once (decision 50)."""
