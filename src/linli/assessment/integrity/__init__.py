"""Against gaming: audits of records drawn at random, and figures that do not come about by themselves."""
