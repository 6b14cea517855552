"""What is done with incidents and units: sent, accepted, arrived, cleared; on duty, placed, registered."""
