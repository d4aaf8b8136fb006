"""Blueprints: content packs."""
