"""Which part of a frame: crop recipes as pure functions of (width, height, generator) to boxes.

A crop is called as ``crop(width, height, rng)`` with the size of the frame after rotation. It gives float64
(views, 4) boxes ``x, y, width, height`` in source pixels, for `Clip`. ``crop.views`` is how many, and
``crop.size`` the ``size=`` that `decode_clips` makes of each. It never sees a pixel.

"Resize, then crop" becomes one box: the crop's edges in the resized frame, divided by the exact ratio of
each axis (resized width / width, resized height / height, which differ where the long side was rounded).
Every output pixel has the centre that it has there. The filter ends at the box, as it does at the border of a
frame, so that pixels at a crop's edge can differ from those of a larger resized frame. torchvision resizes
with antialiasing; pyslowfast and mmaction2 do without (``antialias=False``).
"""

from kinetics_fast.crops.drawn import RandomCrop, RandomResizedCrop
from kinetics_fast.crops.fixed import CenterCrop, Resize, ThreeCrop

__all__ = ["CenterCrop", "RandomCrop", "RandomResizedCrop", "Resize", "ThreeCrop"]
