"""What the browser gets: cycles, places, proposals, groups."""
