"""Planning: beats, siting and staffing, each usable alone, and the deployment they make together."""
