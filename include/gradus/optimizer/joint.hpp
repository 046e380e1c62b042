// Several optimizers stepped as one: what Groups and GroupList share.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/error/fault.hpp>
#include <gradus/exec/norm.hpp>
#include <gradus/memory/overlap.hpp>
#include <gradus/optimizer/inside.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/step/result.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// The spans of several optimizers in one list: for a norm over all, and to see whether they
/// overlap.
class Joint {
 public:
  void clear() noexcept { spans_ = regions_ = 0, same_ = true; }
  /// Makes room, so that no step has to.
  void fit(std::size_t spans, std::size_t regions) {
    if (views_.size() < spans) views_.resize(spans);
    if (seen_.size() < regions) seen_.resize(regions);
    if (sorted_.size() < regions) sorted_.resize(regions);
  }
  /// Adds what a step of this state works on.
  void add(const auto& state) {
    const std::span<const exec::View> views = state.views();
    fit(spans_ + views.size(), regions_ + 2 * views.size() + 1);
    const std::size_t begin = exec::total(this->views()), first = regions_;
    const std::span<Region> now(sorted_);
    regions_ += state.regions(now.subspan(first), spans_);
    for (std::size_t i = first; i < regions_; ++i) {
      same_ = same_ && seen_[i].begin == now[i].begin && seen_[i].end == now[i].end;
      seen_[i] = now[i];
    }
    for (const exec::View& v : views) views_[spans_++] = {v.p, v.g, v.n, begin + v.begin};
  }
  /// Refuses spans that overlap those of another optimizer. Sorts only where an address is new.
  void check(const char* who) {
    if (same_ && checked_ == regions_) return;
    checked_ = 0;
    check_overlap(who, {sorted_.data(), regions_});
    checked_ = regions_;
  }
  std::span<const exec::View> views() const noexcept { return {views_.data(), spans_}; }

 private:
  std::vector<exec::View> views_;
  std::vector<Region> seen_, sorted_;
  std::size_t spans_ = 0, regions_ = 0, checked_ = 0;
  bool same_ = false;
};

/// Parameters and gradients alone, to be measured.
template <Element P, Element G>
auto gradients(std::span<const exec::View> views, const double& scale) {
  return exec::streams<P, G>(views, std::tuple<>{}, static_cast<arithmetic_t<P>>(scale),
                             simd::current());
}
/// Sums over the gradients of each group, one group after another: where their types differ.
template <class Visit, class E>
struct SumOfGroups {
  const Visit& visit;
  double scale;
  const E& run;

  template <class Terms>
  std::array<double, Terms::count> operator()(const Terms& terms) const {
    std::array<double, Terms::count> r{};
    visit([&]<class G, class O>(std::size_t, O& o, auto&, auto&) {
      const auto streams = gradients<typename O::value_type, G>(Inside::state(o).views(), scale);
      const auto own =
          exec::Measure<std::remove_const_t<decltype(streams)>, E>{streams, run}(terms);
      for (std::size_t m = 0; m < r.size(); ++m) r[m] = exec::Tree::add(r[m], own[m]);
    });
    return r;
  }
};

/// The types of parameters and gradients, where they are the same in all groups.
template <Element P, Element G>
struct Alike {};

/// Groups of optimizers, wherever these are kept.
class Together {
 public:
  std::size_t size() const noexcept { return frozen_.size(); }
  /// A frozen group is left as it is: what a step is given for it is not looked at, its state is
  /// not touched and its steps are not counted. Unfrozen, it goes on where it stopped.
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
  static std::size_t spans_of(const auto& optimizer) noexcept {
    return Inside::state(optimizer).views().size();
  }
  /// Makes room for so many groups, of so many spans in all; then they can be added.
  void reserve(std::size_t groups, std::size_t spans) {
    if (groups > results_.capacity()) {
      frozen_.reserve(2 * groups);
      results_.reserve(2 * groups);
    }
    joint_.fit(spans, 2 * spans + groups);
  }
  void add_group() {
    frozen_.push_back(false);
    results_.push_back({});
  }
  void remove_group(std::size_t k) noexcept {
    frozen_.erase(frozen_.begin() + static_cast<std::ptrdiff_t>(k));
    results_.pop_back();
  }

  /// `every(f)` calls f(k, optimizer, params, grads) for every group.
  template <class Types, class Every, class E>
  GroupsResult step_all(const Every& every, const StepOptions& options, const E& run) {
    const auto visit = [&](const auto& f) {
      every([&](std::size_t k, auto& o, auto& params, auto& grads) {
        if (frozen_[k] == 0) f.template operator()<value_t<decltype(grads)>>(k, o, params, grads);
      });
    };
    joint_.clear();
    GroupsResult r{results_, false, not_said, true};
    every([&](std::size_t k, auto& o, auto&, auto&) {
      if (frozen_[k] != 0) results_[k] = Inside::frozen(o, options);
    });
    visit([&]<class G>(std::size_t k, auto& o, auto& params, auto& grads) {
      auto& state = Inside::alive(o, "step");
      state.template take<G>(params, grads);
      const Context context = Inside::ready(o, Inside::now(o, options), options);
      results_[k] = {context.t, context.rate};
      joint_.add(state);
      r.frozen = false;
    });
    joint_.check(who_);
    bool allowed = !r.frozen;
    visit([&]<class G>(std::size_t, auto& o, auto&, auto&) {
      allowed = Inside::allows(o, Inside::streams<G>(o, options.scale), options) && allowed;
    });
    if (!allowed) return r;
    double scale = options.scale;
    if (clips_) {
      r.norm = norm(Types{}, visit, scale, run);
      scale = static_cast<double>(scale * math::ieee(clip_.factor(r.norm)));
    }
    visit([&]<class G>(std::size_t k, auto& o, auto&, auto&) {
      const Context context{results_[k].t, results_[k].rate, options.loss};
      Inside::apply(o, Inside::now(o, options), context, Inside::streams<G>(o, scale), run);
      results_[k].applied = true;
    });
    r.applied = true;
    return r;
  }

 private:
  // By one tree over all elements where it can be: then the groups' borders leave no trace.
  template <Element P, Element G, class E>
  double norm(Alike<P, G>, const auto&, const double& scale, const E& run) const {
    const auto streams = gradients<P, G>(joint_.views(), scale);
    return true_norms<arithmetic_t<P>>(
        exec::Measure<std::remove_const_t<decltype(streams)>, E>{streams, run}, OfGradients{})[0];
  }
  template <class Visit, class E>
  double norm(std::false_type, const Visit& visit, const double& scale, const E& run) const {
    return true_norms<double>(SumOfGroups<Visit, E>{visit, scale, run}, OfGradients{})[0];
  }

  const char* who_;
  bool clips_;  // not an optional: g++ 12 warns of what it holds where it holds nothing
  ClipNorm clip_;
  std::vector<unsigned char> frozen_;
  std::vector<StepResult> results_;
  Joint joint_;
};

}}}  // namespace gradus::GRADUS_ABI::detail
