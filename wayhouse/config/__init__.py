"""Config: settings, urls, the command."""
