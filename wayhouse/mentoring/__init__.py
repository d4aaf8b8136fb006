"""Mentors and members by themselves: threads of two, office hours, questions without a name, and a nudge."""
