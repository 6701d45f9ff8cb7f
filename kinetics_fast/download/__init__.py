"""Downloads Kinetics from its public hosts: lists, transfer, verification, extraction. Reads no video.

The state of a download is in the files themselves: a name without `.part` appears only when the bytes of the
file have been verified and are on the disk. A run can therefore be killed at any moment and started again.
"""

from __future__ import annotations
