"""{% load lines %}: what `meetings/lines.py` draws."""

from django import template

from wayhouse.meetings import lines

register = template.Library()

register.simple_tag(lines.access_lines)
register.simple_tag(lines.evening_lines)
register.simple_tag(lines.hosts_serving)
register.simple_tag(lines.rota_gaps)
register.simple_tag(lines.rota_loads)
register.simple_tag(lines.rota_table)
register.simple_tag(lines.seats_expected)
