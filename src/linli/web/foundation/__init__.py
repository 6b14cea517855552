"""What every feature stands on: accounts, audit, actions, places, casework, jobs and screens."""
