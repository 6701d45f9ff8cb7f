"""The loaders that bench_loader.py compares, a module for each kind.

``Loader(windows, batch_size, workers, ...)`` gives batches of training samples, float32 (B, 3, T, 224, 224),
in the order of the windows; ``epoch()`` takes them all and gives ``(seconds to the first batch, seconds)``. A
sample is made as in samples/.
"""
