// The reference files tests/data/*rules*.txt: the parameters and gradients that they are about, and
// what came out. reference_data.cpp has what does not depend on the type of the rule.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "support/any_rule.hpp"
#include "support/catch.hpp"
#include "support/digest.hpp"

namespace support {

/// What a file's head says of its numbers.
struct Draws {
  const char* file;
  std::int64_t span;
  double p_unit, g_unit;
};
inline constexpr Draws coarse{"pytorch_rules.txt", 1000, 0x1p-10, 0x1p-12};
inline constexpr Draws fine{"pytorch_rules_fine.txt", (1 << 24) - 1, 0x1p-36, 0x1p-26};
inline constexpr Draws formulas{"reference_rules.txt", 1000, 0x1p-10, 0x1p-12};

inline constexpr std::size_t reference_count = 16;
inline constexpr std::size_t reference_steps = 200;
inline constexpr std::size_t reported_steps = 8;

/// The configurations that the tests of the rules compare with.
inline constexpr std::string_view compared[] = {
    "sgd", "sgd_momentum", "sgd_nesterov", "sgd_l2", "sgd_momentum_l2", "sgd_clip_norm",
    "sgd_clip_value", "adagrad", "adagrad_l2", "adagrad_decay", "rmsprop", "rmsprop_alpha",
    "rmsprop_l2", "adam", "adam_eps", "adam_l2", "adam_scheduled", "adamw", "adamw_decay", "nadam",
    "lamb", "lars", "novograd", "mars", "madgrad", "ftrl", "ftrl_keras",
    // PyTorch's other rules
    "sgd_dampening", "sgd_maximize", "adam_maximize", "amsgrad", "amsgrad_eps", "amsgrad_decay",
    "rmsprop_centered", "rmsprop_centered_alpha", "rmsprop_centered_momentum", "rmsprop_momentum",
    "rmsprop_momentum_l2", "adadelta", "adadelta_rho", "adamax", "adamax_eps", "radam",
    "radam_betas", "radam_never", "rprop", "rprop_etas", "asgd", "asgd_decay", "asgd_average",
    // of tools/reference/element_wise.py
    "lion", "signum", "adabelief", "adabelief_before", "yogi", "yogi_plain", "adan", "ademamix",
    "adopt", "adopt_unclipped", "laprop", "adabound", "amsbound", "smorms3", "smorms3_capped",
    "qhm", "qhadam", "cautious",
    // of tools/reference/rate_free.py
    "dog", "ldog", "dowg", "prodigy", "prodigy_all", "dadapt_adam", "dadapt_sgd",
    "dadapt_sgd_momentum", "schedule_free_sgd", "schedule_free_adamw", "cocob", "mechanic",
    "polyak_sgd"};

struct Line {
  std::string config, type;
  std::size_t step = 0;
  std::array<double, reference_count> p{};
};

/// The lines of a file, which is read once.
const std::vector<Line>& read_lines(const Draws& draws);

template <class T>
struct Problem {
  std::vector<T> params;
  std::vector<std::vector<T>> grads;  // of each step

  explicit Problem(const Draws& draws) {
    Random random;
    const auto draw = [&](double unit) {
      return static_cast<T>(static_cast<double>(random.integer(draws.span)) * unit);
    };
    for (std::size_t i = 0; i < reference_count; ++i) params.push_back(draw(draws.p_unit));
    for (std::size_t t = 0; t < reference_steps; ++t) {
      std::vector<T>& g = grads.emplace_back();
      for (std::size_t i = 0; i < reference_count; ++i) {
        const T drawn = draw(draws.g_unit / (1 << (3 * (i % 4))));
        g.push_back(i == 0 || (i == 1 && t % 2 == 1) ? T{0} : drawn);
      }
    }
  }
};

/// Gives the rate of a step.
using RateOf = std::function<double(gradus::step_t)>;

/// Runs `rule` over the file's problem, on every path, and calls `compare(p, line)` at each step
/// that the file reports.
template <class T>
void replay(const Draws& draws, const char* config, const AnyRule<T>& rule, const RateOf& rate,
            const std::function<void(const std::vector<T>&, const Line&)>& compare);

/// The same bits as the files' of PyTorch, in arithmetic of type T.
template <class T>
void same_as_pytorch_in(const char* config, const AnyRule<T>& rule, const RateOf& rate);

/// `rule` gives PyTorch's parameters, bit for bit, float and double.
template <class R>
void same_as_pytorch(const char* config, const R& rule, const RateOf& rate) {
  same_as_pytorch_in<float>(config, Erased<R, float>(rule), rate);
  same_as_pytorch_in<double>(config, Erased<R, double>(rule), rate);
}
template <class R>
void same_as_pytorch(const char* config, const R& rule, double rate) {
  same_as_pytorch(config, rule, [rate](gradus::step_t) { return rate; });
}

/// `rule` is within `tolerance`, relative to the largest parameter.
template <class T>
void close_to(const Draws& draws, const char* config, const AnyRule<T>& rule, double rate,
              double tolerance);
template <class T, class R>
void close_to(const Draws& draws, const char* config, const R& rule, double rate,
              double tolerance) {
  close_to<T>(draws, config, static_cast<const AnyRule<T>&>(Erased<R, T>(rule)), rate, tolerance);
}

}  // namespace support
