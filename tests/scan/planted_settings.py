"""The house with two bugs planted in it, so that a scan that finds nothing is known to look. Never shipped."""

from wayhouse.config.settings import *  # noqa: F403  everything is as in the house, but for two pages

ROOT_URLCONF = "tests.scan.planted_urls"
