"""Linli (邻里): community policing planned, run, learnt from and accounted for."""

__all__ = ["__version__"]

__version__ = "0.1.0"
