"""What the peers' samplers take, and how it is found out."""
