"""What is trained: the detector and the two towers, with their losses, batches and curves."""
