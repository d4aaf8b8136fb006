"""People: organisation, programme, roles, invitations, roster."""
