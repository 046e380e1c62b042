// A short run of what libFuzzer does for long, by any compiler: every file of a corpus, then N
// changed ones.
// usage: replay FOLDER N    or    replay --write FILE    (bytes that load, to begin a corpus with)
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "reliability/fuzz_load.hpp"
#include "support/digest.hpp"
#include "support/folder.hpp"
#include "support/how_far.hpp"

namespace {

void run(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

/// One change, of the kinds that loaders have fallen for.
void change(std::string& bytes, const std::string& other, support::Random& random) {
  const std::size_t n = bytes.size(), at = random.below(n + 1);
  const std::size_t length = std::min(random.below(33), n - at);
  const auto byte = static_cast<char>(random.below(256));
  static const std::vector<std::string> words{
      "0", "-1", "18446744073709551616", "4294967296", "\"", "{", "}", ",", "\\u0000", "\"step\":"};
  switch (random.below(7)) {
    case 0: bytes.erase(at, length); break;
    case 1: bytes.insert(at, bytes.substr(random.below(n + 1), length)); break;
    case 2: bytes.replace(at, length, words[random.below(words.size())]); break;
    case 3: bytes.replace(at, length, std::string(length, byte)); break;
    case 4: bytes.replace(at, n - at, other.substr(std::min(at, other.size()))); break;
    case 5:
      if (n > at) bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
      break;
    default: bytes[0] = static_cast<char>(bytes[0] ^ 1);
  }
}

void replay(const std::string& folder, int changed) {
  std::vector<std::string> corpus;
  for (const auto& file : std::filesystem::directory_iterator(folder))
    corpus.push_back(support::bytes_of(file.path().string()));
  std::sort(corpus.begin(), corpus.end());
  for (const std::string& bytes : corpus) run(bytes);
  const std::size_t whole = loaded();
  run(bytes_that_load());
  if (loaded() != whole + 1) throw std::runtime_error("what was saved does not load");
  if (whole == 0) throw std::runtime_error("no file of the corpus loads: begin it anew");
  support::Random random;
  for (int i = 0; i < changed; ++i) {
    std::string bytes = corpus[random.below(corpus.size())];
    for (std::size_t k = random.below(4) + 1; k > 0 && !bytes.empty(); --k)
      change(bytes, corpus[random.below(corpus.size())], random);
    run(bytes);
    support::say_how_far(static_cast<std::size_t>(i) + 1, static_cast<std::size_t>(changed));
  }
  std::printf("files of the corpus: %zu (%zu load); changed ones: %d (%zu load)\n", corpus.size(),
              whole, changed, loaded() - whole - 1);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view first = argc == 3 ? argv[1] : "";
  try {
    if (first.empty()) throw std::runtime_error("usage: replay FOLDER N | replay --write FILE");
    if (first == "--write")
      support::put_bytes(argv[2], bytes_that_load());
    else
      replay(argv[1], std::atoi(argv[2]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "replay: %s\n", error.what());
    return 1;
  }
  return 0;
}
