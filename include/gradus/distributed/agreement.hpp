// optional header
// What every rank must say alike: rule, schedule, sizes and parameters at the beginning, and the
// options of each step.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gradus/distributed/comm.hpp>
#include <gradus/error/sentence.hpp>
#include <gradus/exec/all_finite.hpp>
#include <gradus/exec/streams.hpp>
#include <gradus/memory/shape.hpp>
#include <gradus/save/crc64.hpp>
#include <gradus/save/kind_of.hpp>
#include <gradus/save/optimizer_part.hpp>
#include <gradus/step/options.hpp>
#include <gradus/text/concat.hpp>
#include <gradus/text/describe.hpp>
#include <gradus/text/digits.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// Compares rule, schedule, step and sizes. Schedules are also compared by some of their values,
/// because a function has no text.
template <Comm C, class O>
void check_same_parts(C& comm, const O& optimizer, exec::Views params,
                      std::span<const Shape> shapes) {
  check_same(comm, "Sharded.rule", io::settings_of(optimizer.rule()));
  std::string text(io::describe(optimizer.schedule()).c_str());
  for (const int t : {0, 1, 2, 10, 100, 1000, 10'000, 100'000, 1'000'000})
    text.append(io::detail::concat(
        {", ", std::to_string(t), ": ", std::string_view(io::detail::Digits(optimizer.rate(t)))}));
  check_same(comm, "Sharded.schedule", text);
  check_same(comm, "Sharded.steps", std::to_string(optimizer.steps()));
  text.clear();
  for (const exec::View& v : params) io::detail::add_item(text, std::to_string(v.n));
  check_same(comm, "Sharded.sizes", text);
  if (!shapes.empty()) check_same(comm, "Sharded.shapes", io::detail::shapes_text(shapes));
}
/// Compares the parameters, to which the views point.
template <Element P, Comm C>
void check_same_params(C& comm, exec::Views params) {
  io::Crc64 sum;
  for (const exec::View& v : params) sum.add(v.p, v.n * sizeof(P));
  const auto digits = sum.digits();
  check_same(comm, "Sharded.params",
             io::detail::concat({"checksum ", {digits.data(), digits.size()}}));
}

/// Compares what is to be the same in a step; whether a rank wants to skip it. `refusal` is what
/// this rank has to say against its own arguments; then all ranks refuse the step. Where they do,
/// each of them calls `before_refusal` first.
template <Comm C, class F>
bool agreed_to_skip(C& comm, const std::string& refusal, const Context& context,
                    const StepOptions& options, double micro_batches, std::size_t size_of_gradient,
                    bool early, const F& before_refusal) {
  constexpr std::array names{
      "use of ready()",          "number of updates", "rate", "position", "scale", "factor", "loss",
      "number of micro-batches", "type of gradients"};
  const std::array<double, names.size() + 2> mine{early ? 1.0 : 0.0,
                                                  static_cast<double>(context.t),
                                                  context.rate,
                                                  static_cast<double>(options.position.value),
                                                  options.scale,
                                                  options.factor,
                                                  options.loss,
                                                  micro_batches,
                                                  static_cast<double>(size_of_gradient),
                                                  options.skip ? 1.0 : 0.0,
                                                  refusal.empty() ? 0.0 : 1.0};
  const auto all = all_values(comm, mine);
  for (std::size_t r = 0; r < all.size(); ++r)
    if (all[r][names.size() + 1] != 0) {
      before_refusal();
      refuse_as_rank(comm, r, refusal);
    }
  bool skip = false;
  for (std::size_t r = 0; r < all.size(); ++r) {
    skip = skip || all[r][names.size()] != 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const double a = all[0][i], b = all[r][i];
      if (a == b || (!(a == a) && !(b == b))) continue;  // or both NaN
      before_refusal();
      refuse(Sentence() << "gradus::Sharded.step must get the same " << names[i]
                        << " on every rank (got " << a << " on rank 0 and " << b << " on rank " << r
                        << ")");
    }
  }
  return skip;
}

/// Whether the summed gradients of all ranks are finite, as far as the policy asks, and their state
/// as far as `finite_state()` says on each. Errors: as `raise` says, on all ranks, each of which
/// calls `before_refusal` first.
template <Comm C, class Streams, class F, class R>
bool finite_everywhere(C& comm, const Streams& streams, NonFinite policy, const F& finite_state,
                       const R& before_refusal) {
  if (policy == NonFinite::propagate) return true;
  enum : std::uint8_t { finite, bad_gradients, bad_state };
  const std::uint8_t mine = exec::first_non_finite(streams) != streams.views.size() ? bad_gradients
                            : finite_state()                                        ? finite
                                                                                    : bad_state;
  const std::vector<std::uint8_t> all = all_values(comm, mine);
  for (std::size_t r = 0; r < all.size(); ++r) {
    if (all[r] == finite) continue;
    if (policy == NonFinite::raise) before_refusal();
    if (policy == NonFinite::raise && all[r] == bad_state)
      refuse(Sentence() << "gradus::Sharded.slots must be finite, because a matrix is transformed "
                           "as a whole (those of rank "
                        << r << " are not)");
    if (policy == NonFinite::raise)
      refuse(Sentence() << "gradus::Sharded.grads must be finite (the sum of all ranks is not, "
                           "among the elements of rank "
                        << r << ")");
    return false;
  }
  return true;
}

}}}  // namespace gradus::GRADUS_ABI::detail
