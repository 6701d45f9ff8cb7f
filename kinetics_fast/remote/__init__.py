"""Videos in object stores: their names, how their bytes are fetched, and where the bytes are kept."""
