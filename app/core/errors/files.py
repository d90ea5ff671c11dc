"""Errors of the world: files."""
