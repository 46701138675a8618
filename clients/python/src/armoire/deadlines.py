"""How long calls may take where nobody says."""

TIMEOUT_S = 30.0
"""Of one call with all its tries."""

WAIT_TIMEOUT_S = 600.0
"""Of waiting for a job or an operation."""
