"""An Open311 GeoReport v2 server on the intake queue: what is public is read, what comes in is queued."""
