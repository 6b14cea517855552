"""The territory and the deployment in force, versioned by date; changes are proposed and approved."""
