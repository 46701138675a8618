"""`make tune`: measures settings on the serving code of this machine and chooses the best."""
