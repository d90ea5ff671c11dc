"""Errors of the world: storage."""
