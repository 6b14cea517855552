"""The audit log: every write and every read of personal fields, in hash-chained lanes."""
