"""The path of a photo: decode, detect, filter and crop, embed, describe."""
