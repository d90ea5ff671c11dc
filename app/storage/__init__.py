"""The campaign file: encrypted, durable, one door to every line of SQL."""
