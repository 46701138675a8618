"""Keeps the vector index as SQL says: the drainer, its leader lock, and the open collections."""
