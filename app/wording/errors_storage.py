"""French texts of app.core.errors.storage."""
