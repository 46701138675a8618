"""What goes to a server and what it says, as plain values.

Boxes are pixels of the EXIF-upright picture, times are UTC, scores and fractions are 0 to 1. An enum's
`UNKNOWN` stands for a value that this client is too old to know.
"""
