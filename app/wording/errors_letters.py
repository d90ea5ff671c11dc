"""French texts of app.core.errors.letters."""
