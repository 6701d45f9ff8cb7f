"""The loader: batches of clips for a training loop.

`ClipLoader` is what people use. Inside, an `EpochRun` has an `EpochPlan` (which record is where) and several
`BatchWork` in flight, each with a ticket of the engine and a `VideoWork` for each of its videos. No thread of
Python's: asking for a batch drives all of them.
"""

from kinetics_fast.loader.batch import ClipBatch
from kinetics_fast.loader.clip_loader import ClipLoader
from kinetics_fast.loader.failures import Failure
from kinetics_fast.loader.stats import LoaderStats

__all__ = ["ClipBatch", "ClipLoader", "Failure", "LoaderStats"]
