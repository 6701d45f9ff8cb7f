"""Reads the annotation files of Kinetics, AVA-Kinetics and Countix: rows of ids, times and labels.

Files are read in the form in which they were published. No video is opened.
"""

from kinetics_fast.datasets.annotations.ava_file import KeyFrame, KeyFrames, read_ava
from kinetics_fast.datasets.annotations.find import find_annotations
from kinetics_fast.datasets.annotations.read import read_annotations
from kinetics_fast.datasets.annotations.recognise import recognised_version
from kinetics_fast.datasets.annotations.rows import Annotations
from kinetics_fast.datasets.annotations.table_file import read_lines

__all__ = [
    "Annotations",
    "KeyFrame",
    "KeyFrames",
    "find_annotations",
    "read_annotations",
    "read_ava",
    "read_lines",
    "recognised_version",
]
