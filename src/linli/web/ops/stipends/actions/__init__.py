"""What can be done with budgets and lots."""
