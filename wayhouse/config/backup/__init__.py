"""Backups in two archives, each sealed to an offline key: what is sealed, and the keys to it, kept apart.

Design page "Confidentiality", section "Flows": DATA for at most 35 days, KEYS for at most 14. A person whose salt was
shredded is unreadable in every backup once the last KEYS archive with it is gone. The root key is in neither.
"""
