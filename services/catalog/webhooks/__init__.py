"""Events are sent to URLs of tenants."""
