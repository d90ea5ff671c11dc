"""French texts of app.core.errors.paper."""
