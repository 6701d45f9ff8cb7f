"""Crops choose parts of a frame: pure functions of (width, height, generator) that return boxes.

A crop is called as ``crop(width, height, rng)`` with the size of the frame after rotation. It returns float64
(views, 4) boxes ``x, y, width, height`` in source pixels, for `Clip`. ``crop.views`` is the number of boxes,
and ``crop.size`` is the ``size=`` for `decode_clips`. A crop sees no pixels.

"Resize, then crop" becomes one box: the edges of the crop in the resized frame, divided by the exact ratio of
each axis (resized width / width and resized height / height, which differ if the long side was rounded).
Every output pixel has the same centre as in the resized frame. The filter ends at the box, as it does at the
border of a frame, so that pixels at the edge of a crop can differ from those of a resized whole frame.
torchvision resizes with antialiasing; pyslowfast and mmaction2 do not (``antialias=False``).
"""

from kinetics_fast.crops.drawn import RandomCrop, RandomResizedCrop
from kinetics_fast.crops.fixed import CenterCrop, Resize, ThreeCrop

__all__ = ["CenterCrop", "RandomCrop", "RandomResizedCrop", "Resize", "ThreeCrop"]
