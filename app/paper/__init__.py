"""Letters on paper: from data to proved PDF files. The only package that imports typst."""
