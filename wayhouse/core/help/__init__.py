"""Emergency numbers, each with its source and the day it was looked up."""
