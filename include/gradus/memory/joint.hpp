// The views of several states in one list.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <gradus/exec/streams.hpp>
#include <gradus/memory/overlap.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// The views of several states, for a norm over all of them, and their regions, to find spans that
/// overlap within a state or across states. A template, as `Together` is.
template <class... O>
class Joint {
 public:
  /// Makes room, so that no step has to.
  void fit(std::size_t groups, std::size_t spans) {
    if (groups_.size() < groups) groups_.resize(groups);
    if (views_.size() < spans) views_.resize(spans);
    if (regions_.size() < 2 * spans + groups) regions_.resize(2 * spans + groups);
  }
  void clear() noexcept { count_ = spans_ = used_ = 0; }
  /// Adds what a step of this state works on.
  void add(const auto& state) {
    const exec::Views added = state.views();
    const std::size_t begin = exec::total(views());
    fit(count_ + 1, spans_ + added.size());
    note(groups_[count_++], Group{state.region("state").begin, state.size_of_grad()});
    for (const exec::View& v : added) note(views_[spans_++], {v.p, v.g, v.n, begin + v.begin});
  }
  exec::Views views() const noexcept { return {views_.data(), spans_}; }

  /// Whether these states and addresses are those that were last checked for overlap.
  bool known() const noexcept { return known_ && count_ == checked_; }
  /// Adds the regions of this state, with the group and the numbers of the caller.
  void add_regions(const auto& state, const Caller& who) noexcept {
    state.regions({regions_.data() + used_, regions_.size() - used_}, who);
    used_ += state.region_count();
  }
  void check_overlap(const char* who) {
    detail::check_overlap(who, {regions_.data(), used_});
    known_ = true, checked_ = count_;
  }

 private:
  struct Group {
    std::uintptr_t state = 0;
    std::size_t size_of_grad = 0;
    bool operator==(const Group&) const noexcept = default;
  };
  template <class X>
  void note(X& last, const X& now) noexcept {
    known_ = known_ && last == now;
    last = now;
  }

  std::vector<Group> groups_;
  std::vector<exec::View> views_;
  std::vector<Region> regions_;
  std::size_t count_ = 0, spans_ = 0, used_ = 0;  // of these, in this step
  std::size_t checked_ = 0;                       // groups that were last checked for overlap
  bool known_ = false;                            // what has been added is what was checked
};

}}}  // namespace gradus::GRADUS_ABI::detail
