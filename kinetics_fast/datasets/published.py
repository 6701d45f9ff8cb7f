"""Published counts of clips, with their sources. Sources that differ are all listed."""

from __future__ import annotations

from kinetics_fast.datasets.kinetics_names import SPLITS

_NOTE = "A Short Note on the Kinetics-700-2020 Human Action Dataset, arXiv 2010.10864"
_CVDF = "cvdfoundation/kinetics-dataset, arrange_by_classes.py"
_MMACTION2 = "mmaction2, tools/data/kinetics"
_FIFTYONE = "FiftyOne's data set zoo"

_Counts = dict[str, tuple["int | None", "int | None", "int | None"]]

# by version and what was counted: numbers of train, val, test
_COUNTS: dict[str, _Counts] = {
    "400": {
        f"clips published ({_NOTE})": (246_245, 20_000, 40_000),
        f"still available on 2020-10-14 ({_NOTE})": (220_033, 18_059, 35_400),
        f"rows of CVDF's annotations ({_CVDF})": (246_534, 19_906, 39_805),
        f"files that CVDF hosts ({_CVDF})": (240_258, 19_881, 38_685),
        f"files of mmaction2's copy ({_MMACTION2})": (240_436, 19_796, None),
    },
    "600": {
        f"clips published ({_NOTE})": (392_622, 30_000, 60_000),
        f"still available on 2020-10-14 ({_NOTE})": (371_910, 28_366, 56_703),
        f"files of mmaction2's copy ({_MMACTION2})": (383_393, 27_910, None),
    },
    "700": {
        f"clips published ({_NOTE})": (545_317, 35_000, 70_000),
        f"still available on 2020-10-14 ({_NOTE})": (532_370, 34_056, 67_302),
        f"files of mmaction2's copy ({_MMACTION2})": (542_357, 34_824, None),
    },
    "700-2020": {
        f"clips published ({_NOTE})": (545_793, 34_256, 67_858),
        f"rows of another count ({_FIFTYONE})": (542_352, 34_125, 67_433),
        f"files that CVDF hosts ({_FIFTYONE})": (534_073, 33_914, 64_260),
    },
}


def published_counts(version: str, split: str) -> dict[str, int]:
    """Return the published counts of a split by what was counted, with the source; empty if there are none.

    Examples
    --------
    >>> max(published_counts("700-2020", "val").values())
    34256
    """
    place = SPLITS.index(split)
    counted = {what: counts[place] for what, counts in _COUNTS.get(version, {}).items()}
    return {what: count for what, count in counted.items() if count is not None}
