"""Errors of the world: letters."""
