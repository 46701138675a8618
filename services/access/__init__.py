"""Who calls: keys, scopes and tenants."""
