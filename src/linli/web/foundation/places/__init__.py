"""The territory and the deployment in force, versioned by date; boundary changes are proposed and approved."""
