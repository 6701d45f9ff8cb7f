"""Builds an LD_PRELOAD library that runs C statements of a test before each read of a process."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PREAD = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static void before_reading(const char *path) { %s }
static ssize_t read_at(const char *name, int file, void *into, size_t size, off_t offset) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length > 0 ? length : 0] = 0;
    before_reading(path);
    ssize_t (*real)(int, void *, size_t, off_t) = dlsym(RTLD_NEXT, name);
    return real(file, into, size, offset);
}
ssize_t pread(int file, void *into, size_t size, off_t offset) {
    return read_at("pread", file, into, size, offset);
}
ssize_t pread64(int file, void *into, size_t size, off_t offset) {
    return read_at("pread64", file, into, size, offset);
}
"""


def before_each_read(folder: Path, statements: str) -> Path:
    """Build the library; the variable `path` of the statements is the path of the file."""
    source, library = folder / "preload.c", folder / "preload.so"
    source.write_text(PREAD % statements)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
    return library
