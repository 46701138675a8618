"""Products, the photos indexed for them, the items found in those photos, and search over the items."""
