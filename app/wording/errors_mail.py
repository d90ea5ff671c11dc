"""French texts of app.core.errors.mail."""
