"""Videos in object stores: what they are called, how their bytes are fetched, and where the bytes are kept."""
