"""The catalogue: products, indexed photos, items, search. It reaches models only through its `Analyzer`."""
