"""How days and hours are written, by language; Django looks here before it looks at its own."""
