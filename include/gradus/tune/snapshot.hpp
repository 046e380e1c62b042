// A training's state at one moment, to go back to.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include <gradus/optimizer.hpp>

namespace gradus::inline GRADUS_ABI {

/// A copy of parameters and of an optimizer's slots, scalars and step, bit for bit. What else a
/// training has (a generator, a place in the data) is the caller's.
///
/// Cost: the copy; `restore` copies back and allocates nothing.
/// Errors: `restore` into spans of other sizes, which changes nothing.
template <class S, class R, Element P>
class Snapshot {
 public:
  template <SpanArgument<P> Params>
  Snapshot(const Optimizer<S, R, P>& opt, Params&& params) : optimizer_(opt) {
    detail::for_each_span<P>(params, [&](std::span<P> s) {
      sizes_.push_back(s.size());
      params_.insert(params_.end(), s.begin(), s.end());
    });
    refuse_other(opt.size(), params);
  }

  /// Puts everything back as it was.
  template <SpanArgument<P> Params>
  void restore(Optimizer<S, R, P>& opt, Params&& params) const {
    refuse_other(opt.size(), params);
    const P* from = params_.data();
    detail::for_each_span<P>(params, [&](std::span<P> s) {
      copy(s.data(), from, s.size());
      from += s.size();
    });
    [&]<std::size_t... J>(std::index_sequence<J...>) {
      (copy_slot<std::tuple_element_t<J, Slots>>(J, opt), ...);
    }(std::make_index_sequence<slot_count<R>>{});
    copy(opt.scalars().data(), optimizer_.scalars().data(), opt.scalars().size());
    copy(opt.span_scalars().data(), optimizer_.span_scalars().data(), opt.span_scalars().size());
    opt.seek(optimizer_.steps());
  }
  step_t steps() const noexcept { return optimizer_.steps(); }

 private:
  using Slots = slot_types_t<R, arithmetic_t<P>>;

  template <class T>
  static void copy(T* to, const T* from, std::size_t n) noexcept {
    if (n != 0) std::memcpy(static_cast<void*>(to), from, n * sizeof(T));
  }
  template <class E>
  void copy_slot(std::size_t j, Optimizer<S, R, P>& opt) const {
    const auto to = opt.template slot<E>(j);
    copy(to.data(), optimizer_.template slot<E>(j).data(), to.size());
  }
  template <class Params>
  void refuse_other(std::size_t size, Params& params) const {
    std::size_t spans = 0;
    bool same = optimizer_.size() == size && params_.size() == size;
    detail::for_each_span<P>(params, [&](std::span<P> s) {
      same = same && spans < sizes_.size() && sizes_[spans] == s.size();
      ++spans;
    });
    if (!same || spans != sizes_.size())
      refuse({"Snapshot", "params", "must be of the sizes that the optimizer was made for",
              static_cast<double>(size)});
  }

  Optimizer<S, R, P> optimizer_;
  std::vector<P> params_{};
  std::vector<std::size_t> sizes_{};
};
template <class S, class R, class P, class Params>
Snapshot(const Optimizer<S, R, P>&, Params&&) -> Snapshot<S, R, P>;

}  // namespace gradus::inline GRADUS_ABI
