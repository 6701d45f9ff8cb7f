"""The addresses, annotations and terms of each version of Kinetics that CVDF hosts. Data only.

Source: the read-me and the download scripts at `PAGE`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from kinetics_fast.datasets.kinetics_names import SPLITS

HOST = "https://s3.amazonaws.com/kinetics"
PAGE = "https://github.com/cvdfoundation/kinetics-dataset"


class Content(str, Enum):
    """A kind of content that a version offers."""

    VIDEOS = "videos"
    ANNOTATIONS = "annotations"
    AVA_KINETICS = "ava-kinetics"
    COUNTIX = "countix"


@dataclass(frozen=True)
class Version:
    """A version of Kinetics that CVDF hosts.

    Attributes
    ----------
    name : str
        The version as in `kf.Kinetics`.
    folder : str
        Its folder on the host.
    read_me : str
        The name of the read-me in that folder.
    annotations : mapping of str to tuple of str
        The annotations of each split, in the folder ``annotations``.
    labelled : frozenset of str
        Splits whose annotations name the class of every clip, so that clips can be chosen by class.
    class_archives : frozenset of str
        Splits with one archive per class, named after the class. Other archives mix classes.
    replacement : str
        An archive of clips that replace broken clips of ``train``.
    downstream : mapping of Content to str
        Archives of annotations that others made for these videos, in the folder ``annotations``.
    """

    name: str
    folder: str
    read_me: str
    annotations: Mapping[str, tuple[str, ...]]
    labelled: frozenset[str]
    class_archives: frozenset[str] = frozenset()
    replacement: str = ""
    downstream: Mapping[Content, str] = field(default_factory=dict)

    def list_url(self, split: str) -> str:
        """Return the address of the list of archives of a split."""
        return f"{HOST}/{self.folder}/{split}/k{self.folder}_{split}_path.txt"

    def url(self, path: str) -> str:
        """Return the address of a file in this version's folder."""
        return f"{HOST}/{self.folder}/{path}"


_PLAIN = {split: (f"{split}.csv",) for split in SPLITS}
HOSTED = {
    version.name: version
    for version in (
        Version(
            "400",
            "400",
            "readme.md",
            _PLAIN,
            labelled=frozenset(SPLITS),
            replacement="replacement_for_corrupted_k400.tgz",
        ),
        Version(
            "600",
            "600",
            "readme.md",
            # train.csv and val.csv lack half of the clips; the .txt files are complete.
            {
                "train": ("train.txt", "train.csv"),
                "val": ("val.txt", "val.csv"),
                "test": ("test.csv", "kinetics600_holdout_test.csv"),
            },
            labelled=frozenset(),
            class_archives=frozenset({"train", "val"}),
        ),
        Version(
            "700-2020",
            "700_2020",
            "K700_2020_readme.txt",
            _PLAIN,
            labelled=frozenset({"train", "val"}),
            downstream={
                Content.AVA_KINETICS: "ava_kinetics_v1_0.tar.gz",
                Content.COUNTIX: "countix.tar.gz",
            },
        ),
    )
}

TERMS = """\
Kinetics-{name}, hosted by the Common Visual Data Foundation (CVDF) at {host}/{folder}

The annotations are by Google, under Creative Commons Attribution 4.0 International (CC BY 4.0,
https://creativecommons.org/licenses/by/4.0/): whoever uses or passes them on names the source.
The clips were cut from videos that people put on YouTube. Their rights stay with those who made them; that
licence does not cover them, and kinetics-fast grants none. Whether your use is allowed is for you to judge.
Its authors ask to keep in mind that titles chose the videos: the set is neither a canonical catalogue of
human actions nor balanced in who is shown. Read {host}/{folder}/{read_me} too.
"""


def terms(version: Version) -> str:
    """Return the terms to show before a download begins."""
    return TERMS.format(name=version.name, host=HOST, folder=version.folder, read_me=version.read_me)
