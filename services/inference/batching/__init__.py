"""Adaptive batching: queues, when and how batches leave them, retry times of refused callers."""
