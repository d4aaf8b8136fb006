"""Invented planning problems, and checks of what the kernels make of them."""
