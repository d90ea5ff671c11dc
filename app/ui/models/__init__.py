"""Table models over the campaign file: pages of rows read when they come into view."""
