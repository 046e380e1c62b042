#include <gradus/save/generator.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <locale>
#include <random>
#include <string>

#include "support/catch.hpp"
#include "support/folder.hpp"
#include "support/forge.hpp"

namespace io = gradus::io;

namespace {

template <class G>
void goes_on() {
  const support::Folder folder;
  G generator(7), back(8);
  for (int drawn = 0; drawn < 1500; drawn += 211) {
    generator.discard(211);
    const G& constant = generator;
    io::save(folder / "x", io::named("generator", constant));
    io::load(folder / "x", io::named("generator", back));
    CHECK(back == generator);
    CHECK(back() == generator());
  }
}

struct Grouped : std::numpunct<char> {
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

template <class G>
concept Nameable = requires(G& generator) { io::detail::GeneratorPart<G>("", generator); } &&
                   io::detail::is_generator<G>;
static_assert(Nameable<std::mt19937> && Nameable<std::mt19937_64> && Nameable<std::minstd_rand0>);
static_assert(!Nameable<std::ranlux24> && !Nameable<std::knuth_b>);

}  // namespace

TEST_CASE("Generators of the standard library go on where they were", "[io][generator]") {
  goes_on<std::mt19937>();
  goes_on<std::mt19937_64>();
  goes_on<std::minstd_rand>();
  goes_on<std::minstd_rand0>();
}

TEST_CASE("No locale changes what is saved of a generator", "[io][generator]") {
  const std::locale before = std::locale::global(std::locale(std::locale(), new Grouped));
  goes_on<std::mt19937>();
  std::locale::global(before);
}

TEMPLATE_TEST_CASE("Zeros are no state of a generator: no other number would follow",
                   "[io][generator]", std::mt19937, std::mt19937_64, std::minstd_rand) {
  const support::Folder folder;
  TestType generator(7);
  const TestType before = generator;
  io::save(folder / "x", io::named("generator", generator));
  std::string file = support::bytes_of(folder / "x");
  std::fill(file.begin() + 8 + static_cast<std::ptrdiff_t>(support::header_size(file)), file.end(),
            '\0');
  support::put_bytes(folder / "x", support::forged(file, support::header_of(file)));
  CHECK_THROWS_WITH(io::load(folder / "x", io::named("generator", generator)),
                    Catch::EndsWith("must have the state of a generator in \"generator\""));
  CHECK(generator == before);
}

TEST_CASE("Numbers that no generator has are refused, and nothing is changed", "[io][generator]") {
  const support::Folder folder;
  std::mt19937 generator(7);
  std::uint64_t seen = 1;
  const auto load = [&] {
    io::load(folder / "x", io::named("generator", generator), io::named("seen", seen));
  };
  io::save(folder / "x", io::named("generator", generator), io::named("seen", seen));
  std::string file = support::bytes_of(folder / "x");
  file[8 + support::header_size(file) + 4] = '\1';  // a number of more than 32 bits
  support::put_bytes(folder / "x", support::forged(file, support::header_of(file)));
  seen = 2;
  const std::mt19937 before = generator;
  CHECK_THROWS_WITH(load(), Catch::EndsWith("must have the state of a generator in \"generator\""));
  CHECK(generator == before);
  CHECK(seen == 2);
  std::mt19937_64 other;
  io::save(folder / "x", io::named("generator", other), io::named("seen", seen));
  CHECK_THROWS_WITH(load(),
                    Catch::EndsWith("must have \"generator\" as U64 [625] (got U64 [313])"));
}
