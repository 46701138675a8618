"""Composition and life cycle: the only room beside `services/app.py` that knows BentoML and the settings."""
