"""Groups: cycles, venues, groups, seats; `formation` is pure."""
