"""The shop with short leases of the catalogue: what waits for a lease to end waits a fifth of the usual time."""
