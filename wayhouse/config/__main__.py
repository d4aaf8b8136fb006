"""`python -m wayhouse.config ...` is the command `wayhouse ...` where it is not installed."""

from wayhouse.config.command import main

main()
