"""A model at run time: artifact, graph session, pre- and postprocessing. NumPy in, NumPy out."""
