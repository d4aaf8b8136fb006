"""Meetings: evenings, guides, attendance; `rota` is pure."""
