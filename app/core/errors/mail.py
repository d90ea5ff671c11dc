"""Errors of the world: mail."""
