"""Use cases: one file, one thing the user does. Generators and plain objects, no Qt."""
