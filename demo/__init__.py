"""`make demo`: starts a server, indexes photos, searches in three ways and checks the answers."""
