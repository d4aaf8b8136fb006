"""Home: the page after sign-in for each role."""
