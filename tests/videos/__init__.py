"""Test videos: recipes, writers of containers and streams, hostile files, and the frames of ffmpeg.

`media.make(name)` is the way in. Nothing here imports `support`.
"""
