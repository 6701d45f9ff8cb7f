#!/usr/bin/env bash
# The same FFmpeg and dav1d as build_ffmpeg.sh makes, under sanitizers, for the harness in fuzz/. Not for anything that ships.
#
#   cmake/build_sanitized_ffmpeg.sh address|thread|fuzz      builds what lacks and prints the prefix
#
# Without assembly, which no sanitizer sees into. Undefined behaviour in FFmpeg is reported and goes on, for it is not ours to mend;
# a bad access ends the process. fuzz is address made fast and with coverage for libFuzzer: without comparisons, which cost more than
# all the rest, and of undefined behaviour only the bounds of arrays. Everything else is build_ffmpeg.sh itself, read here without
# its last line, its call of main.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=build_ffmpeg.sh
source <(sed '$d' "$here/build_ffmpeg.sh")

CC=${CC:-cc}
optimise=1
case ${1:-} in
  # Callbacks through a type of another name are FFmpeg's way everywhere, and harmless.
  address) checks="address,undefined -fno-sanitize=function" ;;
  thread) checks=thread ;;
  fuzz) checks="address,bounds -fsanitize-coverage=inline-8bit-counters,pc-table" optimise=2 ;;
  *) die "which sanitizer? address, thread or fuzz" ;;
esac
flags="-fsanitize=$checks -O$optimise -gline-tables-only -fno-omit-frame-pointer"
if ! "$CC" --version | grep -q clang; then
  flags=${flags/-fno-sanitize=function/}
  flags=${flags/-gline-tables-only/-g1}
fi

# Later options of both configure scripts override earlier ones.
eval "plain_$(declare -f logged)"
logged() {
  case "$1 ${2:-}" in
    "./configure "*) plain_logged "$@" --disable-asm --optflags=-O$optimise --extra-cflags="$flags" --extra-ldflags="$flags" ;;
    "meson setup") plain_logged "$@" -Denable_asm=false -Doptimization=$optimise -Db_lundef=false -Dc_args="$flags" -Dc_link_args="$flags" ;;
    *) plain_logged "$@" ;;
  esac
}

key=$({ cat "$here/build_ffmpeg.sh" "${FFMPEG_PATCHES[@]}" "${BASH_SOURCE[0]}"; echo "$1"; "$CC" --version | sed '1s/^[^ ]* //'; "$CC" -dumpmachine; } |
  sha256sum | cut -c 1-12)
main "${XDG_CACHE_HOME:-${HOME:?}/.cache}/kinetics_fast/ffmpeg-$FFMPEG_VERSION-dav1d-$DAV1D_VERSION-$1-$key"
