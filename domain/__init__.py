"""What Armoire talks about: plain values and errors. Imports the standard library and numpy only."""
