"""What the browser gets: the roster, a person, one's own page, and the way in."""
