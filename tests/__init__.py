"""Tests of Avis 34. ``python3 -m tests`` installs what they need and runs every check."""
