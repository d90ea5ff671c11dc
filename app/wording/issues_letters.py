"""French texts of the remarks about the letters."""
