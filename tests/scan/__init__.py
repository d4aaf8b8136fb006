"""Outside scanners on the house, and on a build with two bugs planted in it that is never shipped."""
