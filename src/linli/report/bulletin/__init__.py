"""The monthly bulletin (月度考核通报, L18): what was found, how sure it is, who must do what by when.

``Bulletin`` is plain data; ``gather`` makes its items from the figures of ``linli assess run``, and
``write_bulletin`` writes it as a page, a PDF, a Word document and a workbook of evidence. A web process
imports this package inside the function that needs it: typesetting and drawing are heavy.
"""

from linli.report.bulletin.content import Bulletin, Demand, Evidence, Item, Moment, Spot, Standing, Version
from linli.report.bulletin.gathering import Told, gather
from linli.report.bulletin.page import render_bulletin
from linli.report.bulletin.writing import FILES, names_of, write_bulletin

__all__ = [
    "FILES",
    "Bulletin",
    "Demand",
    "Evidence",
    "Item",
    "Moment",
    "Spot",
    "Standing",
    "Told",
    "Version",
    "gather",
    "names_of",
    "render_bulletin",
    "write_bulletin",
]
