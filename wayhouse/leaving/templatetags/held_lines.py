"""{% load held_lines %}: what `leaving/lines.py` draws."""

from django import template

from wayhouse.leaving import lines

register = template.Library()

register.simple_tag(lines.acts_held)
register.simple_tag(lines.due_table)
register.simple_tag(lines.evenings_held)
register.simple_tag(lines.kinds_held)
register.simple_tag(lines.posts_held)
