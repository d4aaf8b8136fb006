"""Prints the page of reference."""

import sys

from wayhouse.safeguarding.protocol.page import page

sys.stdout.write(page())
