// Several files that are replaced together: all of them, or none.
#pragma once

#include <fmt/core.h>

#include <filesystem>
#include <gradus/save/file.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace support {

// `add` writes a file beside its place, and `commit` puts all of them in their places.
class Files {
 public:
  // Makes a folder, and checks that it can be written to.
  static void try_folder(const std::filesystem::path& folder) { begin(folder / "probe"); }

  void add(const std::filesystem::path& file, const std::string& text) {
    added_.emplace_back(file, begin(file));
    attempt(file, [&] { added_.back().second->write(text.data(), text.size()); });
  }
  void commit() {
    for (const auto& [file, replacement] : added_) check(file);  // before the first is replaced
    for (const auto& [file, replacement] : added_) attempt(file, [&] { replacement->commit(); });
    added_.clear();
  }

 private:
  using Replacement = std::unique_ptr<gradus::io::Replacement>;

  [[noreturn]] static void refuse(const std::filesystem::path& path, const std::string& why) {
    throw std::runtime_error(fmt::format("{}: cannot be written ({})", path.string(), why));
  }
  template <class F>
  static void attempt(const std::filesystem::path& path, const F& f) {
    try {
      f();
    } catch (const std::system_error& error) {
      refuse(path, error.code().message());
    }
  }
  static void check(const std::filesystem::path& file) {
    std::error_code error;
    if (!file.has_filename() || is_directory(file, error)) refuse(file, "it is a folder");
    if (exists(symlink_status(file, error)) && !is_regular_file(file, error))
      refuse(file, "it is neither a regular file nor a link to one");
  }
  // Makes the folder of the file, too.
  static Replacement begin(const std::filesystem::path& file) {
    check(file);
    std::error_code error;
    const std::filesystem::path folder = file.parent_path();
    if (!folder.empty()) std::filesystem::create_directories(folder, error);
    if (error) refuse(folder, error.message());
    Replacement r;
    attempt(file, [&] { r = std::make_unique<gradus::io::Replacement>(file.string()); });
    return r;
  }

  std::vector<std::pair<std::filesystem::path, Replacement>> added_{};
};

}  // namespace support
