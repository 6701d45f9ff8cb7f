"""What one decoding call needs: sources, clips, videos, pixels, and the requests to the core."""
