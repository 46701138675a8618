"""`python -m services.bulk`: work on very many photos, in this process or on the nodes of a Ray cluster."""
