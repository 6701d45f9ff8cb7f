"""What tests lean on: ffmpeg and its frames, videos by name, small data sets, servers, child processes."""
