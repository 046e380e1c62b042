// Files that appear whole, and together, or not at all.
#pragma once

#include <fmt/core.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace support {

// Files to come. What is added is written beside its place, under a name that no other run uses,
// and takes its place with everything else in commit().
class Files {
 public:
  Files() = default;
  ~Files() {
    std::error_code ignored;
    for (const auto& [part, file] : added_) std::filesystem::remove(part, ignored);
  }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;

  // Makes a folder, and tries whether it can be written to.
  static void try_folder(const std::filesystem::path& folder) {
    const std::filesystem::path probe = part_of(folder / "probe");
    write(probe, "probe");
    std::error_code ignored;
    std::filesystem::remove(probe, ignored);
  }
  void add(const std::filesystem::path& file, const std::string& text) {
    check(file);
    added_.emplace_back(part_of(file), file);
    write(added_.back().first, text);
  }
  void commit() {
    std::error_code error;
    for (const auto& [part, file] : added_) check(file);  // before the first rename
    for (const auto& [part, file] : added_) {
      std::filesystem::rename(part, file, error);
      if (error) refuse(file, error.message());
    }
    added_.clear();
  }

 private:
  [[noreturn]] static void refuse(const std::filesystem::path& path, const std::string& why) {
    throw std::runtime_error(fmt::format("{}: cannot be written ({})", path.string(), why));
  }
  // A rename would replace a FIFO or a device, too.
  static void check(const std::filesystem::path& file) {
    std::error_code error;
    if (!file.has_filename() || is_directory(file, error)) refuse(file, "it is a folder");
    if (exists(symlink_status(file, error)) && !is_regular_file(file, error))
      refuse(file, "it is neither a regular file nor a link to one");
  }
  // Makes the folder, too: it may have gone since.
  static std::filesystem::path part_of(const std::filesystem::path& file) {
    std::error_code error;
    const std::filesystem::path folder = file.parent_path();
    if (!folder.empty()) std::filesystem::create_directories(folder, error);
    if (error) refuse(folder, error.message());
    return folder /
           fmt::format(".{}.{:08x}.part", file.filename().string(), std::random_device{}());
  }
  static void write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file) refuse(path, std::generic_category().message(errno));
  }

  std::vector<std::pair<std::filesystem::path, std::filesystem::path>> added_{};
};

}  // namespace support
