"""One decoding call: sources, clips, videos, pixels, and the request that the core is given."""
