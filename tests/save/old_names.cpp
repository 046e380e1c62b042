#include <gradus/gradus.hpp>
#include <gradus/save/inspect.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>

#include <array>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/folder.hpp"
#include "support/forge.hpp"

namespace io = gradus::io;
using namespace gradus;

TEST_CASE("Names of older versions are read as those of today", "[io]") {
  using io::detail::with_names_of_today;
  CHECK(with_names_of_today("") == "");
  CHECK(with_names_of_today("Decay") == "WeightDecay");
  CHECK(with_names_of_today("Chain{L2, SGD, Decay}") == "Chain{L2, SGD, WeightDecay}");
  CHECK(with_names_of_today("Decay{decay=0.5, by_rate=true}") ==
        "WeightDecay{weight_decay=0.5, by_rate=true}");
  // The same word is a field of one rule and not of another.
  CHECK(with_names_of_today("Chain{ClipNorm{limit=1, eps=0}, AdamW{decay=0.1}, Ema{decay=0.9}}") ==
        "Chain{ClipNorm{max_norm=1, eps=0}, AdamW{weight_decay=0.1}, Ema{decay=0.9}}");
  CHECK(with_names_of_today("Vary{AdamW{decay=0.1}, decay=Exponential{start=1, decay=2}}") ==
        "Vary{AdamW{weight_decay=0.1}, weight_decay=Exponential{start=1, decay=2}}");
  CHECK(with_names_of_today("Vary{AdamW{beta1=0.9, decay=0.1}, beta1=Linear{start=1, steps=3}, "
                            "decay=Constant{value=0.1}}") ==
        "Vary{AdamW{beta1=0.9, weight_decay=0.1}, beta1=Linear{start=1, steps=3}, "
        "weight_decay=Constant{value=0.1}}");
  CHECK(with_names_of_today("Chain{Ema{decay=0.9}, SGD, L2{decay=1}}") ==
        "Chain{Ema{decay=0.9}, SGD, L2{weight_decay=1}}");
  for (const auto& [old, now, rules] : io::detail::renamed) {
    CAPTURE(old, now, rules);
    CHECK(with_names_of_today(now) == now);
    CHECK((rules.empty() || (rules.front() == ' ' && rules.back() == ' ')));
  }
}

TEST_CASE("A file with the old name of a rule loads", "[io][load]") {
  const support::Folder folder;
  const std::string path = folder / "x";
  std::vector<float> p(3, 1.0F);
  const auto make = [&] { return Optimizer{Constant{0.1}, Chain{Adam{}, WeightDecay{0.5}}, p}; };
  auto opt = make(), other = make();
  opt.step(p, std::array{1.0F, 2.0F, 3.0F});
  io::save(path, opt);
  const std::string file = support::bytes_of(path);
  const std::string old =
      support::forged(support::forged(file, "\"Chain{Adam, WeightDecay}", "\"Chain{Adam, Decay}"),
                      "WeightDecay{weight_decay=0.5", "Decay{decay=0.5");
  REQUIRE(old.find("WeightDecay") == std::string::npos);
  support::put_bytes(path, old);
  io::load(path, other);
  CHECK(other.steps() == 1);
  CHECK(std::vector<float>(other.slot("Adam.m").begin(), other.slot("Adam.m").end()) ==
        std::vector<float>(opt.slot("Adam.m").begin(), opt.slot("Adam.m").end()));
  const io::SavedOptimizer inside = io::inspect(path).optimizers.at(0);
  CHECK(inside.rule == "Chain{Adam, WeightDecay}");
  CHECK(inside.rule_settings == io::settings_of(opt.rule()));
  Optimizer nadam{Constant{0.1}, NAdam{}, p};
  CHECK_THROWS_WITH(
      io::load(path, nadam),
      Catch::Matchers::EndsWith("must have rule NAdam (got Chain{Adam, WeightDecay})"));
}

namespace {
struct Decay {  // a caller's own, which has kept its name
  static constexpr const char* name = "Decay";
  template <Real T>
  constexpr SGD::Kernel<T> prepare(const Context& c) const {
    return {static_cast<T>(c.rate)};
  }
};
}  // namespace

TEST_CASE("A caller's rule may have a name that a rule of ours had", "[io][load]") {
  const support::Folder folder;
  std::vector<float> p(3, 1.0F);
  Optimizer opt{Constant{0.1}, Decay{}, p};
  io::save(folder / "x", opt);
  CHECK_NOTHROW(io::load(folder / "x", opt));

  // Beside ours, in a file of before: both were called Decay.
  Optimizer both{Constant{0.1}, Chain{Decay{}, WeightDecay{0.5}}, p};
  io::save(folder / "y", both);
  const std::string old = support::forged(support::bytes_of(folder / "y"),
                                          "\"Chain{Decay, WeightDecay}", "\"Chain{Decay, Decay}");
  support::put_bytes(folder / "y", old);
  CHECK_NOTHROW(io::load(folder / "y", both));
}
