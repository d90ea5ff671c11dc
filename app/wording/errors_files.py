"""French texts of app.core.errors.files."""
