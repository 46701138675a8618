"""Generated messages of the package `inference`; only this application imports them."""
