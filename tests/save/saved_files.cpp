// Files of all versions. They must load, or be refused, and never be misread.
#include <gradus/gradus.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"
#include "support/folder.hpp"
#include "support/forge.hpp"

namespace io = gradus::io;
using namespace gradus;

namespace {

/// State of every kind and type, after `steps` steps. If this changes, the files of older versions
/// must stay the same.
class Everything {
 public:
  explicit Everything(std::uint64_t steps) {
    for (std::uint64_t t = 0; t < steps; ++t) step(t);
  }
  void step(std::uint64_t t) {
    const std::vector<float> g = support::numbers<float>(70, 10 + t);
    std::vector<double> wide(g.begin(), g.end());
    chain_.step(floats_, g);
    nadam_.step(doubles_, wide);
    master_.step(halves_, g);
    blocks_.step(narrow_, g);
  }
  template <class F>
  void with_all(const F& f) {
    f(io::named({"floats"}, chain_), nadam_, master_, blocks_, io::named("floats", floats_),
      io::named("doubles", doubles_), io::named("bfloat16", halves_), io::named("narrow", narrow_),
      io::named("float16", float16_), io::named("integers", integers_),
      io::named("list", std::array{std::span(bytes_).first(1), std::span(bytes_).subspan(1)}),
      io::named("number", number_));
  }
  void save(const std::string& path) {
    with_all([&](const auto&... x) { io::save(path, x...); });
  }
  void load(const std::string& path) {
    with_all([&](auto&&... x) { io::load(path, x...); });
  }
  /// The expected contents, which other programs can read, too.
  void set_known() {
    number_ = 0.1;
    integers_ = {-1, 1'000'000};
    bytes_ = {1, 2, 255};
    float16_ = {float16(1.5F), float16(-2.0F)};
  }

 private:
  static std::vector<float> start() { return support::numbers<float>(70, 1); }
  template <class P>
  static std::vector<P> start_as() {
    std::vector<P> r;
    for (const float x : start()) r.push_back(static_cast<P>(x));
    return r;
  }
  std::vector<float> floats_ = start(), narrow_ = start();
  std::vector<double> doubles_ = start_as<double>();
  std::vector<bfloat16> halves_ = start_as<bfloat16>();
  std::array<float16, 2> float16_{};
  std::array<std::int32_t, 2> integers_{};
  std::array<std::uint8_t, 3> bytes_{};
  double number_ = 0;
  Optimizer<Warmup<Cosine<>>, Chain<ClipNorm, AdamW, Ema>> chain_{
      Warmup{5, Cosine{.start = 1e-3, .steps = 100}},
      Chain{ClipNorm{0.5}, AdamW{.weight_decay = 0.01}, Ema{0.9}}, floats_};
  Optimizer<Constant<>, NAdam, double> nadam_{Constant{0.001}, NAdam{}, doubles_};
  Optimizer<Constant<>, Master<Momentum>, bfloat16> master_{
      Constant{0.01}, Master{Momentum{.momentum = 0.9}}, halves_};
  Optimizer<Constant<>, Stored<Adam, Signed8, Positive8>> blocks_{
      Constant{0.001}, stored<Signed8, Positive8>(Adam{}), narrow_};
};

const std::string version_1 = GRADUS_TEST_DATA "/saved/version_1.safetensors";
const std::string version_2 = GRADUS_TEST_DATA "/saved/version_2.safetensors";

}  // namespace

TEST_CASE("What version 2 has saved is what this one saves", "[io][saved]") {
  const support::Folder folder;
  Everything now(7);
  now.set_known();
  now.save(folder / "x");
  CHECK(support::without_remarks(support::bytes_of(folder / "x")) ==
        support::without_remarks(support::bytes_of(version_2)));
}

TEST_CASE("What every version has saved goes on bit for bit", "[io][saved]") {
  const std::string& version = GENERATE_REF(version_1, version_2);
  const support::Folder folder;
  Everything uninterrupted(12), resumed(0);
  resumed.load(version);
  resumed.save(folder / "again");
  CHECK(support::without_remarks(support::bytes_of(folder / "again")) ==
        support::without_remarks(support::bytes_of(version_2)));
  uninterrupted.set_known();
  for (std::uint64_t t = 7; t < 12; ++t) resumed.step(t);
  uninterrupted.save(folder / "a");
  resumed.save(folder / "b");
  CHECK(support::bytes_of(folder / "a") == support::bytes_of(folder / "b"));
}

// Wrote the file; not a test. A new version of the format writes another file beside it.
TEST_CASE("Write the file of this version", "[.][write]") {
  Everything now(7);
  now.set_known();
  now.save(version_2);
}
