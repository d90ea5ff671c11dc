"""The window: shows and asks. The only package that imports Qt."""
