"""What every room shares: measures, identifiers, dates, errors, texts and seeds. Knows nothing else."""
