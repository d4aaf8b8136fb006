"""What the browser gets in this room."""
