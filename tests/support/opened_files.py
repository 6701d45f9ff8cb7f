"""Logs which files a process opens and whether it creates a socket, by an LD_PRELOAD library.

The library wraps functions of libc, so the log contains the files that FFmpeg opens inside the extension.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BUDGET = ("/proc/", "/sys/fs/cgroup/")  # read to find the number of CPUs
LOGGER = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void note(const char *what) {
    const char *log = getenv("OPENED_FILES");
    int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
    int file = log ? real(log, O_WRONLY | O_APPEND | O_CREAT, 0600) : -1;
    if (file < 0) return;
    char line[4200];
    int length = snprintf(line, sizeof line, "%s\n", what);
    if (write(file, line, length) < 0) abort();
    close(file);
}
#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, int); va_end(rest); \
        note(path); \
        int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, #name); \
        return real(path, flags, mode); \
    }
#define OPENAT(name) \
    int name(int folder, const char *path, int flags, ...) { \
        va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, int); va_end(rest); \
        note(path); \
        int (*real)(int, const char *, int, ...) = dlsym(RTLD_NEXT, #name); \
        return real(folder, path, flags, mode); \
    }
#define FOPEN(name) \
    FILE *name(const char *path, const char *mode) { \
        note(path); \
        FILE *(*real)(const char *, const char *) = dlsym(RTLD_NEXT, #name); \
        return real(path, mode); \
    }
OPEN(open) OPEN(open64) OPENAT(openat) OPENAT(openat64) FOPEN(fopen) FOPEN(fopen64)
int socket(int domain, int type, int protocol) {
    note("a socket");
    int (*real)(int, int, int) = dlsym(RTLD_NEXT, "socket");
    return real(domain, type, protocol);
}
"""


def build_logger(folder: Path) -> Path:
    """Compile the library in `folder` and return its path."""
    (folder / "logger.c").write_text(LOGGER)
    library = folder / "logger.so"
    # With fortification the headers replace the functions that are defined here.
    command = [
        "cc",
        "-shared",
        "-fPIC",
        "-U_FORTIFY_SOURCE",
        "-O1",
        "-o",
        str(library),
        str(folder / "logger.c"),
        "-ldl",
    ]
    subprocess.run(command, check=True)
    return library


def run(
    library: Path, log: Path, source: str, *arguments: object, limit: float = 60
) -> tuple[str, list[str]]:
    """Run Python source in a child process; return its output and the files opened after /dev/null."""
    command = [sys.executable, "-c", source, *map(str, arguments)]
    environment = {**os.environ, "LD_PRELOAD": str(library), "OPENED_FILES": str(log)}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=limit, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    opened = log.read_text().splitlines()
    later = opened[opened.index("/dev/null") + 1 :]
    return done.stdout, [name for name in later if not name.startswith(BUDGET)]
