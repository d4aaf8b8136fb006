"""The personal safety plan: in the member's hands, shown to whom they choose, and opened by others only by two."""
