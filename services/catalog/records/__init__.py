"""Products, images, items and jobs as SQL keeps them. Every function runs inside its caller's transaction."""
