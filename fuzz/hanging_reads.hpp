// A file whose reads do not return, as on a dead mount, until they are released: this program's own pread sees to it.
#pragma once

#include <filesystem>

namespace kf::fuzz {

/// Writes the file; from now on its reads hang.
void hang_reads_of(const std::filesystem::path& path);
/// Those that hang now return, with an error.
void release_hanging_reads();

}  // namespace kf::fuzz
