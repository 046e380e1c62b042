// Several optimizers stepped as one: what Groups and GroupList share.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/error/fault.hpp>
#include <gradus/exec/gradients.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/memory/joint.hpp>
#include <gradus/memory/parts.hpp>
#include <gradus/optimizer/core.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/step/result.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// The types of parameters and gradients, where they are the same in all groups.
template <Element P, Element G>
struct Alike {};

/// Sums over the gradients of each group, one group after another: where their types differ.
template <class Visit, class E>
struct SumOfGroups {
  const Visit& visit;
  double scale;
  const E& run;

  template <class Terms>
  std::array<double, Terms::count> operator()(const Terms& terms) const {
    std::array<double, Terms::count> r{};
    visit([&]<class G, class O>(std::size_t, O& core, auto&, auto&) {
      const auto streams = exec::gradients<typename O::value_type, G>(core.state.views(), scale);
      const auto own =
          exec::Measure<std::remove_const_t<decltype(streams)>, E>{streams, run}(terms);
      for (std::size_t m = 0; m < r.size(); ++m) r[m] = exec::Tree::add(r[m], own[m]);
    });
    return r;
  }
};

/// Groups of optimizers of these types, wherever they are kept. A template, so that only programs
/// with groups pay the compiler for their lists.
template <class... O>
class Together {
 public:
  std::size_t size() const noexcept { return frozen_.size(); }
  /// A step leaves a frozen group as it is, and does not count for it. It checks only the number
  /// and sizes of the group's spans; spans of gradients may be empty. After `unfreeze` the group
  /// goes on where it stopped.
  void freeze(std::size_t k) { frozen_[checked(k, "freeze")] = true; }
  void unfreeze(std::size_t k) { frozen_[checked(k, "unfreeze")] = false; }
  bool frozen(std::size_t k) const { return frozen_[checked(k, "frozen")] != 0; }

 protected:
  /// `who` is named in errors.
  Together(const char* who, const std::optional<ClipNorm>& clip)
      : who_(who), clips_(clip.has_value()), clip_(clip.value_or(ClipNorm{})) {
    refuse_if(fault_of<double>(clip_));
  }
  std::size_t checked(std::size_t k, const char* field) const {
    if (k >= size())
      refuse({who_, field, "must be below the number of groups", static_cast<double>(k)});
    return k;
  }
  /// Makes room for so many groups, of so many spans in all; then they can be added.
  void reserve(std::size_t groups, std::size_t spans) {
    if (groups > results_.capacity()) {
      frozen_.reserve(2 * groups);
      results_.reserve(2 * groups);
    }
    joint_.fit(groups, spans);
  }
  void add_group() {
    frozen_.push_back(false);
    results_.push_back({});
  }
  void remove_group(std::size_t k) noexcept {
    frozen_.erase(frozen_.begin() + static_cast<std::ptrdiff_t>(k));
    results_.pop_back();
  }

  /// Names spans in errors by their places in the caller's list: `who` instead of the groups, and
  /// `places`, of as many numbers for each group, one group after another.
  void number_spans(const char* who, std::vector<std::uint32_t> places) {
    who_ = who;
    places_ = std::move(places);
  }

  /// The spans of all groups in one list, to be taken in parts. `each(f)` calls f(k, optimizer) for
  /// every group.
  template <class E, class List, class Each>
  auto in_parts(const char* what, List& list, const Each& each) const {
    std::size_t spans = 0;
    each([&](std::size_t, const auto& o) { spans += o.spans(); });
    return Parts<List>::template of<E>(who_, what, list, spans);
  }
  /// A step where `params` and `grads` return the spans of each group, one group after another.
  template <class Types, class Each, class Params, class Grads, class E>
  GroupsResult step_parts(const Each& each, const Params& params, const Grads& grads,
                          const StepOptions& options, const E& run) {
    return step_all<Types>(
        [&](const auto& f) {
          auto p = params;
          auto g = grads;
          each([&](std::size_t k, auto& o) {
            auto&& of_group = p.next(o.spans());
            auto&& its_grads = g.next(o.spans());
            f(k, o, of_group, its_grads);
          });
        },
        options, run);
  }

  /// The phases of a step, each for all groups before the next. `every(f)` calls f(k, optimizer,
  /// params, grads) for every group.
  template <class Types, class Every, class E>
  GroupsResult step_all(const Every& every, const StepOptions& options, const E& run) {
    const auto visit = [&](const auto& f) {  // the groups that are not frozen
      every([&](std::size_t k, auto& o, auto& params, auto& grads) {
        if (frozen_[k] == 0)
          f.template operator()<value_t<decltype(grads)>>(k, o.core(), params, grads);
      });
    };
    GroupsResult r{results_, false, not_said, true};

    // Check.
    joint_.clear();
    every([&](std::size_t k, auto& o, auto& params, auto& grads) {
      using G = value_t<decltype(grads)>;
      auto& core = o.core();
      const Caller who = caller(k);
      if (frozen_[k] != 0) {
        results_[k] = core.template frozen<G>(who, params, grads, options);
        return;
      }
      core.template check_spans<G>(who, params, grads);
      const Context context = core.check_context(who, core.rule_now(options), options);
      results_[k] = {context.t, context.rate};
      joint_.add(core.state);
      r.frozen = false;
    });
    if (!joint_.known()) {
      visit([&]<class G>(std::size_t k, auto& core, auto&, auto&) {
        joint_.add_regions(core.state, caller(k));
      });
      joint_.check_overlap(who_);
    }

    // Judge.
    bool allowed = !r.frozen;
    visit([&]<class G>(std::size_t k, auto& core, auto&, auto&) {
      allowed = core.template judge<G>(caller(k), options) && allowed;
    });
    if (!allowed) return r;
    double scale = options.scale;
    if (clips_) {
      r.norm = norm(Types{}, visit, scale, run);
      scale = static_cast<double>(scale * math::ieee(clip_.factor(r.norm)));
    }

    // Update, and count.
    visit([&]<class G>(std::size_t k, auto& core, auto&, auto&) {
      const Context context{results_[k].t, results_[k].rate, options.loss, scale, &core.powers};
      core.update(core.rule_now(options), context, core.template state_streams<G>(scale), run);
      core.count();
      results_[k].applied = true;
    });
    r.applied = true;
    return r;
  }

 private:
  Caller caller(std::size_t k) const noexcept {
    if (places_.empty()) return {who_, k};
    return {who_, k, places_.data() + k * (places_.size() / size())};
  }
  // If all groups have the same types, one tree sums all elements, so that borders between groups
  // change no bit.
  template <Element P, Element G, class E>
  double norm(Alike<P, G>, const auto&, const double& scale, const E& run) const {
    return exec::norm_of_gradients(exec::gradients<P, G>(joint_.views(), scale), run);
  }
  template <class Visit, class E>
  double norm(std::false_type, const Visit& visit, const double& scale, const E& run) const {
    return true_norms<double>(SumOfGroups<Visit, E>{visit, scale, run}, OfGradients{})[0];
  }

  const char* who_;
  bool clips_;  // not std::optional: g++ 12 warns that its empty value may be uninitialised
  ClipNorm clip_;
  std::vector<unsigned char> frozen_;
  std::vector<StepResult> results_;
  std::vector<std::uint32_t> places_;  // empty: spans are counted within their group
  Joint<O...> joint_;
};

}}}  // namespace gradus::GRADUS_ABI::detail
