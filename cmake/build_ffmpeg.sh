#!/usr/bin/env bash
# Builds the private FFmpeg that is linked into the extension: static, position independent, decode-only, LGPL, with dav1d.
#
#   cmake/build_ffmpeg.sh [PREFIX]      builds what PREFIX lacks and prints PREFIX; everything else goes to stderr
#
# Without PREFIX it is a directory of the user's cache, named after the versions, this script, the patches and the compiler, so that
# every checkout and every Python shares one build. A tarball comes from KF_FFMPEG_TARBALL or KF_DAV1D_TARBALL, else from
# the upstream release, else from Debian's source package; whichever it is, its sha256 decides.
set -euo pipefail
here=${here:-$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)}

readonly FFMPEG_VERSION=8.1.2
readonly FFMPEG_SHA256=464beb5e7bf0c311e68b45ae2f04e9cc2af88851abb4082231742a74d97b524c
readonly FFMPEG_URL=https://ffmpeg.org/releases/ffmpeg-$FFMPEG_VERSION.tar.xz
readonly FFMPEG_PATCHES=("$here/ffmpeg-$FFMPEG_VERSION-"{cavlc,region,trun}.patch)  # in this order
readonly DAV1D_VERSION=1.5.4
readonly DAV1D_SHA256=686616b7c69eb88d44459391ab25cac13b6647a3b288835c5784e71c1514a5c5
readonly DAV1D_URL=https://download.videolan.org/pub/videolan/dav1d/$DAV1D_VERSION/dav1d-$DAV1D_VERSION.tar.xz

# No decoder=av1: the native one only drives hardware, libdav1d is the decoder. Audio parsers without audio decoders keep
# avformat from probing audio streams that nobody reads. The file protocol alone leaves no network to attack.
readonly FFMPEG_OPTIONS=(
  --enable-static --disable-shared --enable-pic
  --disable-everything --disable-autodetect --disable-iconv --disable-programs --disable-doc --disable-debug
  --disable-network --disable-avdevice --disable-avfilter --disable-swresample --disable-iamf --disable-pixelutils
  --disable-dwt --disable-lsp --disable-faan
  --enable-avcodec --enable-avformat --enable-avutil --enable-swscale --enable-pthreads --enable-runtime-cpudetect
  --enable-protocol=file
  --enable-demuxer=mov,matroska,avi,mpegts,mpegps,mpegvideo,m4v,flv,asf,h264,hevc,ivf
  --enable-decoder=h264,hevc,vp8,vp9,mpeg4,mjpeg,mpeg1video,mpeg2video,mpegvideo,msmpeg4v1,msmpeg4v2,msmpeg4v3
  --enable-decoder=wmv1,wmv2,wmv3,vc1,flv,h263,vp6,vp6f,vp6a,rawvideo
  --enable-parser=h264,hevc,vp8,vp9,av1,mpeg4video,mpegvideo,mjpeg,h263,vc1,aac,aac_latm,mpegaudio,ac3
  --enable-bsf=h264_mp4toannexb,hevc_mp4toannexb,mpeg4_unpack_bframes,vp9_superframe_split,av1_frame_split
  --enable-bsf=extract_extradata
  --enable-libdav1d --enable-decoder=libdav1d --pkg-config-flags=--static
  --extra-cflags="-fvisibility=hidden -ffunction-sections -fdata-sections"
)

say() { printf 'build_ffmpeg: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

require_tools() {
  local tool
  for tool in "$CC" make patch pkg-config meson ninja tar xz sha256sum flock; do
    command -v "$tool" >/dev/null || die "'$tool' is needed and was not found on PATH"
  done
  case $(uname -m) in
    x86_64 | amd64)
      # Without an assembler both libraries would build several times slower and show it in no other way.
      local nasm
      nasm=$(nasm -v 2>/dev/null | sed -n 's/^NASM version \([0-9]*\.[0-9]*\).*/\1/p') || true
      [[ -n $nasm ]] || die "nasm >= 2.14 is needed for the assembly of FFmpeg and dav1d (apt-get install nasm)"
      [[ $(printf '%s\n' 2.14 "$nasm" | sort -V | head -n 1) == 2.14 ]] || die "nasm $nasm is older than 2.14" ;;
  esac
}

has_sum() { [[ $(sha256sum <"$2") == "$1  -" ]]; }

# from_debian PACKAGE VERSION FILE: the orig tarball of Debian's source package, through an apt configuration of our own
# that asks the mirrors apt already has for sid's sources. The system's own stay as they are, and no root is needed.
from_debian() {
  command -v apt-get >/dev/null || return 1
  local apt=$work/apt keyring=/usr/share/keyrings/debian-archive-keyring uri version
  if [[ ! -d $apt ]]; then
    mkdir -p "$apt"/{etc,state/lists/partial,cache/archives/partial}
    [[ -e $keyring.gpg ]] && keyring=$keyring.gpg || keyring=$keyring.pgp
    apt_uris | while read -r uri; do
      echo "deb-src [signed-by=$keyring] $uri sid main"
    done >"$apt/etc/sources.list"
    # Sandbox: apt's own user cannot enter a private directory. Hooks: they belong to the system's update, not to ours.
    cat >"$apt/apt.conf" <<CONF
#clear APT::Update;
Dir::Etc::SourceList "$apt/etc/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State "$apt/state";
Dir::Cache "$apt/cache";
APT::Sandbox::User "root";
Acquire::Languages "none";
CONF
    apt-get -qq -c "$apt/apt.conf" update >&2 || say "apt: not every source answered"
  fi
  # Only the upstream version is pinned: Debian's revision and epoch may move without changing the tarball.
  version=$(apt-cache -c "$apt/apt.conf" showsrc --only-source "$1" 2>/dev/null |
    sed -n "s/^Version: \(\([0-9]*:\)\?${2//./\\.}-.*\)/\1/p" | head -n 1)
  [[ -n $version ]] || { say "no Debian source package $1 $2"; return 1; }
  (cd "$work" && apt-get -qq -c "$apt/apt.conf" source --download-only --tar-only "$1=$version" >&2) || return 1
  mv "$work/${1}_$2.orig.tar.xz" "$3"
}

# The mirrors of the Debian archive that apt has, from both kinds of source file.
apt_uris() {
  { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
      sed -n 's/^ *deb\(-src\)\? \+\(\[[^]]*\] *\)\?\([^ ]*\) .*/\3/p'
    cat /etc/apt/sources.list.d/*.sources 2>/dev/null | sed -n 's/^URIs: *//p' | tr -s ' ' '\n'; } |
    sed 's,/*$,,' | grep '/debian$' | sort -u
}

# fetch NAME VERSION SHA256 URL GIVEN: prints the path of a tarball whose sum is right.
fetch() {
  local kept=$cache/sources/$1-$2.tar.xz new=$work/$1-$2.tar.xz from
  if [[ -n $5 ]]; then
    [[ -f $5 ]] || die "$5: no such tarball"
    has_sum "$3" "$5" || die "$5: its sha256 is not that of $1 $2 ($3)"
    echo "$5"; return
  fi
  if [[ -f $kept ]] && has_sum "$3" "$kept"; then echo "$kept"; return; fi
  say "fetching $1 $2"
  if command -v curl >/dev/null && curl -fsSL --connect-timeout 10 --max-time 600 -o "$new" "$4"; then
    from=$4
  elif from_debian "$1" "$2" "$new"; then
    from="Debian's source package"
  else
    die "$1 $2: neither $4 nor Debian's sources could be reached; set KF_${1^^}_TARBALL to a copy (sha256 $3)"
  fi
  has_sum "$3" "$new" || die "$1 $2 from $from: its sha256 is not $3"
  say "$1 $2: from $from"
  mkdir -p "$cache/sources" && mv -f "$new" "$kept"
  echo "$kept"
}

# logged COMMAND...: its output is only of interest when it fails.
logged() {
  "$@" >"$work/log" 2>&1 || { tail -n 40 "$work/log"; die "failed: $*"; }
}

build_dav1d() {
  say "building dav1d $DAV1D_VERSION (under a minute)"
  mkdir "$work/dav1d" && tar -xf "$1" -C "$work/dav1d" --strip-components=1
  cd "$work/dav1d"
  CC=$CC logged meson setup build --prefix="$stage" --libdir=lib --buildtype=release -Ddefault_library=static -Db_staticpic=true \
    -Denable_asm=true -Denable_tools=false -Denable_tests=false -Dbitdepths=8,16 -Dlogging=false \
    -Dc_args="-fvisibility=hidden -ffunction-sections -fdata-sections"
  logged ninja -C build -j "$jobs" install
  install -D -m 644 COPYING "$stage/licenses/dav1d-COPYING.txt"
}

build_ffmpeg() {
  say "building FFmpeg $FFMPEG_VERSION (minutes, once)"
  mkdir "$work/ffmpeg" && tar -xf "$1" -C "$work/ffmpeg" --strip-components=1
  cd "$work/ffmpeg"
  local patch
  for patch in "${FFMPEG_PATCHES[@]}"; do logged patch -p1 --fuzz=0 -i "$patch"; done
  # The line is embedded in the library, so it must not name a path: no --prefix, and the compiler by its variable.
  cc=$CC PKG_CONFIG_LIBDIR=$stage/lib/pkgconfig logged ./configure "${FFMPEG_OPTIONS[@]}"
  logged make -j "$jobs"
  logged make DESTDIR="$work/root" install-libs install-headers
  cp -a "$work"/root/usr/local/{include,lib} "$stage"
  install -D -m 644 COPYING.LGPLv2.1 "$stage/licenses/FFmpeg-COPYING.LGPLv2.1.txt"
  install -D -m 644 LICENSE.md "$stage/licenses/FFmpeg-LICENSE.md"
}

# What CMake must know of the build, and what a reader of the licence wants to know of it.
describe() {
  local config=$work/ffmpeg/config.h line assembly=0
  line=$(sed -n 's/^#define FFMPEG_CONFIGURATION "\(.*\)"$/\1/p' "$config")
  grep -q '^#define FFMPEG_LICENSE "LGPL' "$config" || die "this FFmpeg is not under the LGPL"
  grep -qE '^#define (HAVE_X86ASM|HAVE_NEON) 1$' "$config" && assembly=1
  cat >"$stage/kf_ffmpeg.cmake" <<CMAKE
set(KF_FFMPEG_VERSION "$FFMPEG_VERSION")
set(KF_DAV1D_VERSION "$DAV1D_VERSION")
set(KF_FFMPEG_HAS_ASSEMBLY $assembly)
CMAKE
  cat >"$stage/licenses/SOURCES.txt" <<TEXT
This package holds two libraries, linked into its extension. They are built from these releases by
cmake/build_ffmpeg.sh of the source distribution, which applies changes to FFmpeg: ${FFMPEG_PATCHES[*]##*/} in cmake/.
An extension with another FFmpeg is made by building the source distribution with KF_FFMPEG_ROOT naming another
prefix that the script made.

FFmpeg $FFMPEG_VERSION, LGPL-2.1-or-later
  $FFMPEG_URL
  sha256 $FFMPEG_SHA256
  ./configure $line
  Based in part on the work of the Independent JPEG Group.

dav1d $DAV1D_VERSION, BSD-2-Clause
  $DAV1D_URL
  sha256 $DAV1D_SHA256
TEXT
  rm -rf "$stage/lib/pkgconfig" "$stage/share"
}

main() {
  CC=${CC:-cc}
  cache=${XDG_CACHE_HOME:-${HOME:?}/.cache}/kinetics_fast
  jobs=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}
  local prefix=${1:-} key
  if [[ -z $prefix ]]; then
    # The compiler by what it says of itself, without the name it was called by: cc and /usr/bin/gcc may be one.
    key=$({ cat "${BASH_SOURCE[0]}" "${FFMPEG_PATCHES[@]}"; "$CC" --version | sed '1s/^[^ ]* //'; "$CC" -dumpmachine; } | sha256sum | cut -c 1-12)
    prefix=$cache/ffmpeg-$FFMPEG_VERSION-dav1d-$DAV1D_VERSION-$key
  fi
  mkdir -p "$(dirname "$prefix")" && prefix=$(realpath -m "$prefix")
  if [[ ! -e $prefix/kf_ffmpeg.cmake ]]; then
    require_tools
    exec 9>"$prefix.lock" && flock 9
    [[ -e $prefix/kf_ffmpeg.cmake ]] || build "$prefix" 1>&2
  fi
  echo "$prefix"
}

# Everything is made beside PREFIX and renamed at the end, so that a PREFIX that exists is complete.
build() {
  work=$(mktemp -d) && stage=$(mktemp -d "$1.XXXXXX")
  trap 'rm -rf "$work" "$stage"' EXIT
  local dav1d ffmpeg
  dav1d=$(fetch dav1d "$DAV1D_VERSION" "$DAV1D_SHA256" "$DAV1D_URL" "${KF_DAV1D_TARBALL:-}")
  ffmpeg=$(fetch ffmpeg "$FFMPEG_VERSION" "$FFMPEG_SHA256" "$FFMPEG_URL" "${KF_FFMPEG_TARBALL:-}")
  (build_dav1d "$dav1d")
  (build_ffmpeg "$ffmpeg")
  describe
  chmod 755 "$stage" && mv -T "$stage" "$1"
  say "done: $1"
}

main "$@"
