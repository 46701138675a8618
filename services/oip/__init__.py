"""What both ends of the Open Inference Protocol share: its messages and its datatypes."""
