"""Conversations: a group's own space, its ground rules, what is hidden and why, and how the evenings felt."""
