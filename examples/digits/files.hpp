// Files that appear whole, and together, or not at all.
#pragma once

#include <fmt/core.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "data.hpp"

namespace digits {

// A folder for results. What is added is written beside its place, under a name that no other run
// uses, and takes its place with everything else in commit().
class Folder {
 public:
  // Makes the folder, and tries whether it can be written to.
  explicit Folder(std::filesystem::path path) : path_(std::move(path)) {
    const std::filesystem::path probe = part_of("probe");
    write(probe, "probe");
    std::error_code ignored;
    std::filesystem::remove(probe, ignored);
  }
  ~Folder() {
    std::error_code ignored;
    for (const auto& [part, file] : added_) std::filesystem::remove(part, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void add(const std::string& name, const std::string& text) {
    added_.emplace_back(part_of(name), path_ / name);
    write(added_.back().first, text);
  }
  void commit() {
    std::error_code error;
    for (const auto& [part, file] : added_)  // what could fail is tried before the first rename
      if (std::filesystem::is_directory(file, error)) refuse(file, "it is a folder");
    for (const auto& [part, file] : added_) {
      std::filesystem::rename(part, file, error);
      if (error) refuse(file, error.message());
    }
    added_.clear();
  }

 private:
  [[noreturn]] static void refuse(const std::filesystem::path& path, const std::string& why) {
    throw Error(fmt::format("{}: cannot be written ({})", path.string(), why));
  }
  // Makes the folder, too: it may have gone since.
  std::filesystem::path part_of(const std::string& name) const {
    std::error_code error;
    std::filesystem::create_directories(path_, error);
    if (error) refuse(path_, error.message());
    return path_ / fmt::format(".{}.{:08x}.part", name, std::random_device{}());
  }
  static void write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file) refuse(path, std::generic_category().message(errno));
  }

  std::filesystem::path path_;
  std::vector<std::pair<std::filesystem::path, std::filesystem::path>> added_{};
};

}  // namespace digits
