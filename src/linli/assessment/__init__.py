"""Assessment: indicators from facts, honest comparison, the plans' rules as written, what chance would do."""
