"""Domain values to protos and back, a file for each noun of the contract."""
