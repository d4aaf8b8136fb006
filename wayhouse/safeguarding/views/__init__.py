"""What the browser gets from this room."""
