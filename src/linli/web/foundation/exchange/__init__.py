"""The doors for other programs: the API, signed webhooks with a visible outbox, calendars."""
