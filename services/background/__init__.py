"""Background loops: supervision, retries with back-off, log throttle. Imports `domain` only."""
