// A file whose reads do not return until they are released, as on a dead mount. The program's own pread does this.
#pragma once

#include <filesystem>

namespace kf::fuzz {

/// Writes the file. From now on reads of it hang.
void hang_reads_of(const std::filesystem::path& path);
/// Makes the reads that hang now return an error.
void release_hanging_reads();

}  // namespace kf::fuzz
