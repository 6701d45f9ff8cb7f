"""The loaders that bench_loader.py compares: one module per kind of loader.

``Loader(windows, batch_size, workers, ...)`` gives batches of training samples, float32 (B, 3, T, 224, 224),
in the order of the windows. ``epoch()`` takes all batches and gives ``(seconds to the first batch,
seconds)``. Samples are made as in samples/.
"""
