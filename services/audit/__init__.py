"""The audit record: who changed what, and when."""
