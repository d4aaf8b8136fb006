"""The roster as a spreadsheet: its columns, reading and comparing it, its template, invented examples.

Everything here is pure: bytes and words in, words out. No database, no file, nothing kept.
"""
