"""The parsers of spreadsheets: nothing else imports one, and each runs in a process with limits."""
