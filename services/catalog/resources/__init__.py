"""What callers do with the resources of the API: products, images, indexing jobs and items.

Each call checks its request, runs one transaction, and then wakes the background loops.
"""
