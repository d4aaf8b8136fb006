"""For the operator: the worker."""
