"""The pipeline from photo to items: decode, detect, filter and crop, embed, describe."""
