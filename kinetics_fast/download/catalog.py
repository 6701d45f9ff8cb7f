"""Where Kinetics is hosted: the lists, annotations and terms of each version. Facts; nothing is read here.

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
    """What a version offers."""

    VIDEOS = "videos"
    ANNOTATIONS = "annotations"
    AVA_KINETICS = "ava-kinetics"
    COUNTIX = "countix"


@dataclass(frozen=True)
class Version:
    """One version of Kinetics, as CVDF hosts it.

    Attributes
    ----------
    name : str
        As `kf.Kinetics` calls it.
    folder : str
        Its folder on the host.
    read_me : str
        A text in that folder.
    annotations : mapping of str to tuple of str
        The files of each split in the folder ``annotations``.
    labelled : frozenset of str
        Splits whose CSV names the class of every clip, so that clips can be chosen by class.
    class_archives : frozenset of str
        Splits with one archive a class, named after it; elsewhere archives mix classes.
    replacement : str
        An archive of clips that stand in for broken ones of ``train``.
    downstream : mapping of Content to str
        Archives of annotations that others made of these videos, in the folder ``annotations``.
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
        """Return where the list of a split's archives is."""
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
            # train.csv and val.csv lack half of the clips; the .txt files do not.
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
    """Return what to show before the first byte."""
    return TERMS.format(name=version.name, host=HOST, folder=version.folder, read_me=version.read_me)
