"""What the browser gets: the space, its threads, ground rules, and what was hidden."""
