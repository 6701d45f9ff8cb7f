#!/usr/bin/env bash
# The same FFmpeg and dav1d as build_ffmpeg.sh makes, under sanitizers, for the harness in fuzz/. Not for anything that ships.
#
#   cmake/build_sanitized_ffmpeg.sh address|thread      builds what lacks and prints the prefix
#
# Without assembly, which no sanitizer sees into. Undefined behaviour in FFmpeg is reported and goes on, for it is not ours to mend;
# a bad access ends the process. Everything else is build_ffmpeg.sh itself, read here without its last line, its call of main.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=build_ffmpeg.sh
source <(sed '$d' "$here/build_ffmpeg.sh")

CC=${CC:-cc}
case ${1:-} in
  address) checks=address,undefined ;;
  thread) checks=thread ;;
  *) die "which sanitizer? address or thread" ;;
esac
flags="-fsanitize=$checks -O1 -gline-tables-only -fno-omit-frame-pointer"
if "$CC" --version | grep -q clang; then
  # Callbacks through a type of another name are FFmpeg's way everywhere, and harmless.
  [[ $1 == address ]] && flags+=" -fno-sanitize=function -fsanitize=fuzzer-no-link"
else
  flags=${flags/-gline-tables-only/-g1}
fi

# Later options of both configure scripts override earlier ones.
eval "plain_$(declare -f logged)"
logged() {
  case "$1 ${2:-}" in
    "./configure "*) plain_logged "$@" --disable-asm --optflags=-O1 --extra-cflags="$flags" --extra-ldflags="$flags" ;;
    "meson setup") plain_logged "$@" -Denable_asm=false -Doptimization=1 -Db_lundef=false -Dc_args="$flags" -Dc_link_args="$flags" ;;
    *) plain_logged "$@" ;;
  esac
}

key=$({ cat "$here/build_ffmpeg.sh" "${BASH_SOURCE[0]}"; echo "$1"; "$CC" --version | sed '1s/^[^ ]* //'; "$CC" -dumpmachine; } |
  sha256sum | cut -c 1-12)
main "${XDG_CACHE_HOME:-${HOME:?}/.cache}/kinetics_fast/ffmpeg-$FFMPEG_VERSION-dav1d-$DAV1D_VERSION-$1-$key"
