"""Concerns, who is on call, drills, the conduct ladder, and a plan in the hands of the person it is about."""
