# kf_options: the compiler options of all our files.   kf_build_config: what the C++ code is told about this build.
option(CMAKE_COMPILE_WARNING_AS_ERROR "warnings are errors" ON)
add_library(kf_options INTERFACE)
target_compile_features(kf_options INTERFACE cxx_std_20)
target_compile_options(kf_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow
  # GCC 12 warns of overlaps in operator+ of std::string that cannot happen (GCC bug 105651).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
  -fvisibility=hidden -fvisibility-inlines-hidden -ffunction-sections -fdata-sections)
target_compile_definitions(kf_options INTERFACE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)  # the bounds of spans and vectors
if(KF_SANITIZE)
  set(checks -fsanitize=thread)
  if(NOT KF_SANITIZE STREQUAL "thread")
    set(checks -fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=all)
  endif()
  if(KF_SANITIZE STREQUAL "fuzz")
    list(APPEND checks -fsanitize=fuzzer-no-link)
  endif()
  target_compile_options(kf_options INTERFACE ${checks} -O1 -g -fno-omit-frame-pointer)
  target_compile_definitions(kf_options INTERFACE _GLIBCXX_ASSERTIONS)
  target_link_options(kf_options INTERFACE ${checks})
endif()
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(kf_build_config INTERFACE)
target_compile_definitions(kf_build_config INTERFACE
  KF_VERSION="${KF_VERSION}"
  KF_FFMPEG_VERSION="${KF_FFMPEG_VERSION}"
  KF_DAV1D_VERSION="${KF_DAV1D_VERSION}"
  KF_FFMPEG_BUNDLED=$<STREQUAL:${KF_FFMPEG},bundled>
  KF_FFMPEG_HAS_ASSEMBLY=${KF_FFMPEG_HAS_ASSEMBLY}
  KF_DAMAGE_LOG_TEXTS=${KF_DAMAGE_LOG_TEXTS})
