"""Errors of the world: paper."""
