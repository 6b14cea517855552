"""The plan's rules as written: read from ``scoring.toml``, run over counts, proposing and never applying."""
