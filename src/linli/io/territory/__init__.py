"""Reads a territory folder: every row is checked, and nothing is half imported."""

from linli.io.territory.notes import FileRead, Reading
from linli.io.territory.reading import read_territory, read_territory_with_notes
from linli.io.territory.writing import write_territory

__all__ = ["FileRead", "Reading", "read_territory", "read_territory_with_notes", "write_territory"]
