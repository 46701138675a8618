"""What callers do with the resources of the API: products, images, indexing jobs and items.

Each call checks its request, then runs in one transaction; what has to follow is told to the loops.
"""
