"""What a model is at run time: artifact, session, and what goes before and after. Numpy in, numpy out."""
