"""Assessment: indicators from facts, honest comparison, the plan's rules as written, and what chance would do."""
