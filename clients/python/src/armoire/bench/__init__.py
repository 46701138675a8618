"""Load for a server, and what came of it; `armoire bench` is its command."""
