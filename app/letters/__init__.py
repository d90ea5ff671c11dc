"""Templates + incident + practice + recipient → letters. The only importer of Jinja2 and markdown-it."""
