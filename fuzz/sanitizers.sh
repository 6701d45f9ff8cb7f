# Sourced by ./dev: the builds under sanitizers in build/address, build/thread and build/fuzz, and the programs that run there.

# Finds the newest clang++ that can link libFuzzer. Installs the distribution's newest if there is none.
find_clang() {
  local name number program; program=$(mktemp)
  for name in $(compgen -c | grep -xE 'clang\+\+(-[0-9]+)?' | sort -uVr); do
    if echo 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char *, unsigned long) { return 0; }' |
      "$name" -x c++ -fsanitize=fuzzer,address -o "$program" - 2>/dev/null; then
      rm -f "$program"; echo "$name"; return
    fi
  done
  rm -f "$program"
  [[ -z ${1:-} ]] || { say "no clang here has libFuzzer and the sanitizers"; return 1; }
  as_root apt-get -qq update >&2
  number=$(apt-cache search --names-only '^libclang-rt-[0-9]+-dev$' | sed 's/libclang-rt-\([0-9]*\)-dev .*/\1/' | sort -n | tail -n 1)
  say "installing clang $number"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
    "clang-$number" "libclang-rt-$number-dev" "llvm-$number" >/dev/null
  find_clang again
}

# build_under address|thread|fuzz [TARGETS]: builds in the folder of that name. Warnings are no errors here: GCC checks those.
build_under() {
  local clang; clang=$(find_clang) || return
  say "building under $1 sanitizer"
  CXX=$clang CC=${clang/++/} configure "$1" -DKF_FUZZ=ON -DKF_SANITIZE="$1" -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    -DCMAKE_COMPILE_WARNING_AS_ERROR=OFF
  ninja --quiet -C "build/$1" "${@:2}" >"build/$1/build.log" || { tail -n 40 "build/$1/build.log"; return 1; }
}

# quietly NAME COMMAND...: runs with its output in build/sanitizers/NAME.log. Shows the end of the output if it fails.
quietly() {
  local log=build/sanitizers/$1.log
  mkdir -p build/sanitizers
  "${@:2}" >"$log" 2>&1 || { tail -n 30 "$log"; return 1; }
}

# The engine's tests with an extension under AddressSanitizer. Its reports go to files, because pytest captures stderr.
engine_tests() {
  local reports=$PWD/build/sanitizers/report runtime
  runtime=$("$(find_clang)" -print-file-name="libclang_rt.asan-$(uname -m).so")
  rm -f "$reports".*
  LD_PRELOAD=$runtime PYTHONMALLOC=malloc PYTHONPATH=$PWD/fuzz KF_CORE=$(echo "$PWD"/build/address/csrc/_core*.so) \
    ASAN_OPTIONS=detect_leaks=0:log_path=$reports UBSAN_OPTIONS=print_stacktrace=1:log_path=$reports \
    python -m pytest -q -p no:cacheprovider tests/engine/test_{interrupt,stuck_read,lifetime,exit,sharing}.py \
    tests/decode/test_{bad_input,damage,corpus}.py &&
    ! grep -l "ERROR: AddressSanitizer\|csrc/.*runtime error" "$reports".* 2>/dev/null
}

# The part of ./dev check: the committed corpus, the stress and the engine's tests. Takes minutes once everything is built.
check_under_sanitizers() {
  local target
  build_under address || return
  build_under thread replay_decode engine_stress || return
  for target in decode index frame_index packet; do
    quietly "replay-$target" "build/address/fuzz/replay_$target" "fuzz/corpus/$(corpus_of "$target")" || return
  done
  quietly stress-address build/address/fuzz/engine_stress 10 fuzz/corpus/decode || return
  quietly replay-thread build/thread/fuzz/replay_decode fuzz/corpus/decode || return
  TSAN_OPTIONS=die_after_fork=0 quietly stress-thread build/thread/fuzz/engine_stress 10 fuzz/corpus/decode || return
  quietly engine-tests engine_tests
}

# corpus_of TARGET: the targets index and decode share one corpus.
corpus_of() { echo "${1/#index/decode}"; }

# run_fuzzer [MINUTES] [TARGET]: libFuzzer, until the time is up or it finds something. The replay looks for leaks.
run_fuzzer() {
  local minutes=${1:-30} target=${2:-decode} work corpus
  work=build/fuzzing/$target corpus=$(corpus_of "$target")
  build_under fuzz "fuzz_$target"
  mkdir -p "$work" build/fuzzing/findings
  [[ -d build/fuzzing/seeds ]] || PYTHONPATH=tests python fuzz/make_seeds.py build/fuzzing/seeds
  say "fuzzing $target for $minutes minutes; inputs that end it are kept in build/fuzzing/findings"
  ASAN_OPTIONS=quarantine_size_mb=16:malloc_context_size=6:allocator_release_to_os_interval_ms=-1 \
    "build/fuzz/fuzz/fuzz_$target" -max_total_time=$((60 * minutes)) -timeout=60 -malloc_limit_mb=1000 -rss_limit_mb=2500 \
    -detect_leaks=0 -max_len=24000 -dict=fuzz/video.dict -print_final_stats=1 \
    -artifact_prefix="build/fuzzing/findings/$target-" "$work" "fuzz/corpus/$corpus" "build/fuzzing/seeds/$corpus"
}
