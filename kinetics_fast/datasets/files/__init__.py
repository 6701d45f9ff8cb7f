"""Files of a data set: the listing of a folder, file names, members of tar archives."""
