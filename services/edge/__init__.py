"""The edge: protos in and out, errors to statuses, limits. The only server room that knows the stubs."""
