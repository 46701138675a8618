"""The settings that name the stores, for messages to the operator."""

DATABASE_URL = "ARMOIRE_PREDICTIONS__DATABASE_URL"
