"""What changes in assessment: periods and versions, consequences and objections, readings that are logged."""
