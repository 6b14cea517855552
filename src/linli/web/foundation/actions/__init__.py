"""How everything is changed: permission, then the change, then its audit entry, in one transaction."""
