// A training with everything that gradus has around an optimizer, and with its own generator and
// position in the data, in one file. Stopped and continued at any step, it ends with the same
// bytes.
#include <gradus/gradus.hpp>
#include <gradus/save/generator.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>

#include <cstdint>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "support/catch.hpp"
#include "support/folder.hpp"

namespace io = gradus::io;
using namespace gradus;

namespace {

class Training {
 public:
  static constexpr std::uint64_t last = 60;

  /// One micro-batch; every third is an update.
  void next() {
    const std::vector<float> slow_before = slow_;
    SAM<float>& sam = sam_;
    sam.climb(slow_, gradients(slow_), {.scale = 1 / loss_.scale()});
    const std::vector<float> up = gradients(slow_);
    sam.restore(slow_);
    if (slow_ != slow_before) throw std::runtime_error("SAM has not come back");
    sum_.add(up);
    fast_sum_.add(gradients(fast_));
    if (sum_.count() < 3) return;
    StepOptions options = loss_.options({.factor = plateau_.value()});
    options.scale /= 3;
    const GroupsResult r = groups_.step(std::tuple{std::span(slow_), std::span(fast_)},
                                        std::tuple{sum_.grads(), fast_sum_.grads()}, options);
    sum_.clear(), fast_sum_.clear();
    loss_.update({seen_, 0, r.applied});
    plateau_(metric());
    greedy_(metric());
    if (seen_ == 27) groups_.freeze(1);
    if (seen_ == 45) groups_.unfreeze(1);
  }
  bool done() const { return seen_ == last; }
  void save(const std::string& path) const {
    with_all(*this, [&](const auto&... x) { io::save(path, x...); });
  }
  void load(const std::string& path) {
    with_all(*this, [&](auto&&... x) { io::load(path, x...); });
  }

 private:
  template <class Self, class F>
  static void with_all(Self& self, const F& f) {
    f(self.groups_, io::named("slow", self.slow_), io::named("fast", self.fast_),
      io::named("sum", self.sum_), io::named("fast sum", self.fast_sum_),
      io::named("loss scale", self.loss_), io::named("plateau", self.plateau_),
      io::named("greedy", self.greedy_), io::named("generator", self.generator_),
      io::named("samples seen", self.seen_));
  }
  std::vector<float> gradients(const std::vector<float>& p) {
    std::vector<float> r;
    for (const float x : p)
      r.push_back((x + static_cast<float>(generator_() % 7)) * static_cast<float>(loss_.scale()));
    ++seen_;
    if (seen_ % 20 == 0) r[0] = math::quiet_nan<float>();  // is skipped
    return r;
  }
  double metric() const { return static_cast<double>(slow_[0] * slow_[0]) + 0.1; }

  std::mt19937_64 generator_{5};
  std::uint64_t seen_ = 0;
  std::vector<float> slow_{1, -2, 3}, fast_{4, 5};
  SAM<float> sam_{slow_, {.rho = 0.1}};
  Accumulator<float> sum_{slow_}, fast_sum_{fast_};
  LossScale loss_{.value = 64, .interval = 2};
  Plateau plateau_{.factor = 0.5, .patience = 1};
  GreedyRate greedy_{.factor = 0.5, .patience = 1};
  Groups<Optimizer<Cosine<>, Chain<Adam, Ema>>, Optimizer<Warmup<Constant<>>, Stochastic<Momentum>>>
      groups_{ClipNorm{1},
              Optimizer{Cosine{.start = 0.1, .steps = 15}, Chain{Adam{}, Ema{0.9}}, slow_,
                        NonFinite::skip},
              Optimizer{Warmup{3, Constant{0.1}}, Stochastic{Momentum{}, 3}, fast_}};
};

}  // namespace

TEST_CASE("A whole training is in one file", "[io][resume]") {
  const support::Folder folder;
  Training whole;
  std::vector<std::string> files;
  for (; !whole.done(); whole.next()) {
    files.push_back(folder / std::to_string(files.size()));
    whole.save(files.back());
  }
  whole.save(folder / "end");
  const std::string end = support::bytes_of(folder / "end");
  REQUIRE(files.size() > 10);
  for (const std::string& file : files) {
    CAPTURE(file);
    Training resumed;
    resumed.load(file);
    while (!resumed.done()) resumed.next();
    resumed.save(folder / "end");
    CHECK(support::bytes_of(folder / "end") == end);
  }
}
