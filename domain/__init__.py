"""Values, errors and the taxonomy, which every room may use. Imports the standard library and numpy only."""
