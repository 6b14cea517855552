"""The pages of accounts: people, organisations, one's own account."""
