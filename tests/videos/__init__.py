"""What makes test videos: recipes, writers of containers and of streams, and files that mean harm."""
