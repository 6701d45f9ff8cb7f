"""The loader: batches of clips for a training loop.

`ClipLoader` is the public class. Inside, an `EpochRun` has an `EpochPlan`, which assigns the records to the
batches, and several `BatchJob` in flight, each with a job of the engine and a `Slot` for each of its videos.
No Python threads are used: a request for a batch drives all batches in flight.
"""

from kinetics_fast.loader.batch import ClipBatch
from kinetics_fast.loader.clip_loader import ClipLoader
from kinetics_fast.loader.failures import Failure
from kinetics_fast.loader.stats import LoaderStats

__all__ = ["ClipBatch", "ClipLoader", "Failure", "LoaderStats"]
