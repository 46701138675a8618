"""The prediction log: what the models said of a share of the calls, for retraining and for drift."""
