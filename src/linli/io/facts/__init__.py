"""Facts on disk: Parquet datasets read and written whole, lists taken in, and the engines that query them."""

from linli.io.facts.dataset import Dataset, open_dataset
from linli.io.facts.drafting import Draft, drafting
from linli.io.facts.engines import duckdb_tables, spark_tables
from linli.io.facts.manifest import MANIFEST, Manifest, Part

__all__ = [
    "MANIFEST",
    "Dataset",
    "Draft",
    "Manifest",
    "Part",
    "drafting",
    "duckdb_tables",
    "open_dataset",
    "spark_tables",
]
