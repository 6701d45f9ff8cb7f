"""Kinetics from its public hosts: lists, transfer, verification, extraction. It never reads a video.

What is done is seen from the files themselves: a name without `.part` appears only when the bytes behind it
have been verified and synced. A run may therefore be killed at any moment and started again.
"""

from __future__ import annotations
