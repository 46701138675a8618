"""Image classifiers of timm and torchvision to artifacts; what YOLO's share with them."""
