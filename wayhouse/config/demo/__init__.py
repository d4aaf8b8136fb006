"""The demonstration: an invented programme that lives, built with the same actions that people use."""
