"""Keeps the vector index equal to SQL: outbox drainer, leader lock, reconcile, open collections."""
