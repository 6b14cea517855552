"""Every change to a case. Pages, API, jobs and devices all go through these."""
