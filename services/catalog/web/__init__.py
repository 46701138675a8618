"""Pictures and pages of hosts that the operator allows."""
