"""Every change to accounts and to who holds which role."""
