# kf::ffmpeg and what is known of it: KF_FFMPEG_VERSION, KF_DAV1D_VERSION (empty if unknown), KF_FFMPEG_HAS_ASSEMBLY.

function(kf_bundled_ffmpeg)
  set(prefix "${KF_FFMPEG_ROOT}")
  if(NOT prefix)
    set(script build_ffmpeg.sh)
    if(KF_SANITIZE)
      set(script build_sanitized_ffmpeg.sh)
    endif()
    message(STATUS "FFmpeg: looking for the cached build, or making it (minutes, once)")
    execute_process(
      COMMAND ${CMAKE_COMMAND} -E env CC=${CMAKE_C_COMPILER} ${PROJECT_SOURCE_DIR}/cmake/${script} ${KF_SANITIZE}
      OUTPUT_VARIABLE prefix OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
    if(failed)
      message(FATAL_ERROR "cmake/${script} failed; its last lines above say why")
    endif()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS cmake/${script})
  endif()
  if(NOT EXISTS "${prefix}/kf_ffmpeg.cmake")
    message(FATAL_ERROR "KF_FFMPEG_ROOT=${prefix} was not made by cmake/build_ffmpeg.sh")
  endif()
  include("${prefix}/kf_ffmpeg.cmake")
  if(NOT KF_FFMPEG_HAS_ASSEMBLY AND NOT KF_SANITIZE)
    message(FATAL_ERROR "the FFmpeg in ${prefix} lacks its assembly: decoding would be several times slower")
  endif()
  message(STATUS "FFmpeg: ${KF_FFMPEG_VERSION} with dav1d ${KF_DAV1D_VERSION}, static, in ${prefix}")

  foreach(name avformat avcodec swscale avutil dav1d)
    add_library(kf::${name} STATIC IMPORTED GLOBAL)
    set_target_properties(kf::${name} PROPERTIES IMPORTED_LOCATION "${prefix}/lib/lib${name}.a")
  endforeach()
  add_library(kf::ffmpeg INTERFACE IMPORTED GLOBAL)
  target_include_directories(kf::ffmpeg INTERFACE "${prefix}/include")
  target_link_libraries(kf::ffmpeg INTERFACE
    "$<LINK_GROUP:RESCAN,kf::avformat,kf::avcodec,kf::swscale,kf::avutil,kf::dav1d>" m Threads::Threads)
  # The assembly refers to its tables by relative addresses: in a shared object they must not be interposable.
  target_link_options(kf::ffmpeg INTERFACE LINKER:-Bsymbolic)
  return(PROPAGATE KF_FFMPEG_VERSION KF_DAV1D_VERSION KF_FFMPEG_HAS_ASSEMBLY)
endfunction()

function(kf_system_ffmpeg)
  if(SKBUILD_STATE STREQUAL "wheel")
    message(FATAL_ERROR "KF_FFMPEG=system is for development: a wheel holds its own LGPL build of FFmpeg")
  endif()
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(KF_SYSTEM_FFMPEG REQUIRED IMPORTED_TARGET GLOBAL
    libavformat>=59.27 libavcodec>=59.37 libswscale>=6.7 libavutil>=57.28)  # FFmpeg 5.1
  add_library(kf::ffmpeg ALIAS PkgConfig::KF_SYSTEM_FFMPEG)
  set(KF_FFMPEG_VERSION "libavcodec ${KF_SYSTEM_FFMPEG_libavcodec_VERSION}")
  set(KF_DAV1D_VERSION "")
  set(KF_FFMPEG_HAS_ASSEMBLY 0)  # nobody says
  return(PROPAGATE KF_FFMPEG_VERSION KF_DAV1D_VERSION KF_FFMPEG_HAS_ASSEMBLY)
endfunction()

if(KF_FFMPEG STREQUAL "bundled")
  kf_bundled_ffmpeg()
elseif(KF_FFMPEG STREQUAL "system")
  kf_system_ffmpeg()
else()
  message(FATAL_ERROR "KF_FFMPEG is 'bundled' or 'system', not '${KF_FFMPEG}'")
endif()
