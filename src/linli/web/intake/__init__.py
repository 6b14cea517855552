"""The queue between residents and casework: what comes in, and what may be told of it. Knows nothing else."""
