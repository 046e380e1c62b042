#include <gradus/gradus.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/named.hpp>
#include <gradus/save/save.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/folder.hpp"
#include "support/forge.hpp"

namespace io = gradus::io;
using namespace gradus;

namespace {

/// A feedback of the caller.
struct Mine {
  struct State {
    double best = 0, count = 0;
  } state{};
};
/// Not a feedback, because its state does not consist of doubles only.
struct Other {
  struct State {
    double best;
    int count;
  } state{};
};
static_assert(io::detail::Feedback<Plateau> && io::detail::Feedback<const GreedyRate>);
static_assert(io::detail::Feedback<gradus::SlopePlateau<>>);
static_assert(io::detail::Feedback<gradus::SpikeGuard<>> && io::detail::Feedback<Mine>);
static_assert(!io::detail::Feedback<Other> && !io::detail::Feedback<double>);

const std::vector<float> micro_batch{0.5F, 0.25F, -1};

}  // namespace

TEST_CASE("named saves feedback, whose next answers are those of the original", "[io][named]") {
  const support::Folder folder;
  Plateau plateau{.factor = 0.5, .patience = 1, .cooldown = 1}, plateau_back = plateau;
  GreedyRate greedy{.factor = 0.5, .patience = 1}, greedy_back = greedy;
  Mine mine{{1, 2}}, mine_back{};
  const auto metric = [](int i) { return 1.0 + (i * 7 % 5); };
  for (int i = 0; i < 5; ++i) plateau(metric(i)), greedy(metric(i));
  const Plateau& constant = plateau;
  io::save(folder / "x", io::named("plateau", constant), io::named("greedy", greedy),
           io::named("mine", mine));
  io::load(folder / "x", io::named("plateau", plateau_back), io::named("greedy", greedy_back),
           io::named("mine", mine_back));
  CHECK(mine_back.state.best == 1);
  CHECK(mine_back.state.count == 2);
  CHECK(plateau_back.value() != Plateau{}.value());
  for (int i = 5; i < 20; ++i) {
    CHECK(plateau_back(metric(i)) == plateau(metric(i)));
    CHECK(greedy_back(metric(i)) == greedy(metric(i)));
  }
}

TEST_CASE("named saves a loss scale, and its settings stay the program's", "[io][named]") {
  const support::Folder folder;
  LossScale loss{.interval = 3}, back{.interval = 3, .floor = 8};
  loss.update({0, 0.1, true});
  loss.update({1, 0.1, false});
  loss.update({1, 0.1, true});
  io::save(folder / "x", io::named("loss", loss));
  io::load(folder / "x", io::named("loss", back));
  CHECK(back.value == 0x1p15);
  CHECK(back.good == 1);
  CHECK(back.floor == 8);
}

TEST_CASE("named saves an accumulator in the middle of an update", "[io][named]") {
  const support::Folder folder;
  Accumulator<float> sum{micro_batch}, back{micro_batch};
  sum.add(micro_batch, 3);
  sum.add(micro_batch, 2);
  const auto& constant = sum;
  io::save(folder / "x", io::named("sum", constant));
  io::load(folder / "x", io::named("sum", back));
  CHECK(back.progress() == sum.progress());
  CHECK(std::ranges::equal(back.values(), sum.values()));
  const Accumulator<float> longer{std::vector<float>(4)};
  CHECK_THROWS_WITH(io::load(folder / "x", io::named("other", back)),
                    Catch::EndsWith("must have \"other.count\" (got \"sum.count\")"));
}

TEST_CASE("A sum without a weight is refused, though the checksums are right", "[io][named]") {
  const support::Folder folder;
  Accumulator<float> sum{micro_batch};
  sum.add(micro_batch, 3);
  io::save(folder / "x", io::named("sum", sum));
  const std::string file = support::bytes_of(folder / "x");
  for (const double weight : {0.0, -1.0, math::quiet_nan<double>()}) {
    std::string other = file;
    other.replace(8 + support::header_size(file) + 16, 8, reinterpret_cast<const char*>(&weight),
                  8);
    support::put_bytes(folder / "x", support::forged(other, support::header_of(other)));
    sum.add(micro_batch, 3);
    const auto before = sum.progress();
    const float first = sum.values()[0];
    CHECK_THROWS_WITH(io::load(folder / "x", io::named("sum", sum)),
                      Catch::EndsWith("must have a finite number > 0 in \"sum.weight\""));
    CHECK(sum.progress() == before);
    CHECK(sum.values()[0] == first);
  }
}

TEST_CASE("named refers: what is saved is what it is by then", "[io][named]") {
  const support::Folder folder;
  std::uint64_t seen = 1;
  Accumulator<float> sum{micro_batch}, back{micro_batch};
  const auto named_seen = io::named("seen", seen);
  const auto named_sum = io::named("sum", sum);
  seen = 2;
  sum.add(micro_batch);
  io::save(folder / "x", named_seen, named_sum);
  std::uint64_t seen_back = 0;
  io::load(folder / "x", io::named("seen", seen_back), io::named("sum", back));
  CHECK(seen_back == 2);
  CHECK(back.count() == 1);
}

TEST_CASE("A text is bytes, whether its characters have a sign or not", "[io][named]") {
  const support::Folder folder;
  std::string text = "a text", back = "123456";
  io::save(folder / "x", io::named("text", text));
  io::load(folder / "x", io::named("text", back));
  CHECK(back == text);
  CHECK(support::bytes_of(folder / "x").find(R"("text":{"dtype":"U8","shape":[6])") !=
        std::string::npos);
}
