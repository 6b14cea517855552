"""Facts that are assessed: the star schema as data, and what is wrong with tables that claim to follow it."""

from linli.assessment.facts.schema import Column, FactTable, arrow_schema, fact_tables

__all__ = ["Column", "FactTable", "arrow_schema", "fact_tables"]
