"""For the operator: invented rosters."""
