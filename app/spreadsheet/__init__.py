"""Files ↔ rows of text: lists read through a guarded child process, reports written."""

from app.spreadsheet.reading import read_steps, read_table
from app.spreadsheet.table import Batch, FileFacts, SheetFacts, Table
from app.spreadsheet.writing import write_table

__all__ = ["Batch", "FileFacts", "SheetFacts", "Table", "read_steps", "read_table", "write_table"]
