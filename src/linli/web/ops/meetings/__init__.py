"""Meetings and outreach (X5, N17, E4): what was held, and the actions that follow."""
