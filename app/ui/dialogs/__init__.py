"""Questions in their own window: shown with ``open()``, answered by signals, never ``exec()``."""
