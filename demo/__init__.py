"""`make demo`: a server of its own, sample photos, three queries, and checks that the answers are right."""
