"""What `armoire import` reads: tables, folders, lists of URLs."""
