"""The index file of a data set: its columns, its reader and its writer."""
