"""Generated messages of the package `inference`; only this server imports them."""
