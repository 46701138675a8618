"""Adaptive batching: queues, the threads that take batches from them, and when refused callers may return."""
