"""How long calls may take where nobody says."""

TIMEOUT_S = 30.0
"""Of one call with all its tries."""

WAIT_TIMEOUT_S = 600.0
"""Of waiting for a job or an operation."""

BULK_TIMEOUT_S = 120.0
"""Of a bulk run without an answer, restarts of the server included."""
