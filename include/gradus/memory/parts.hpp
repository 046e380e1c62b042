// A list of spans in parts: those of one group after another.
#pragma once

#include <cstddef>
#include <span>
#include <tuple>
#include <utility>

#include <gradus/error/sentence.hpp>
#include <gradus/memory/spans.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// How many items a tuple or an array has; 0 for anything else.
template <class X>
inline constexpr std::size_t tuple_items = 0;
template <class X>
  requires requires { std::tuple_size<X>::value; }
inline constexpr std::size_t tuple_items<X> = std::tuple_size<X>::value;

/// Some spans of a list, themselves a list.
template <class Iterator>
struct Part {
  Iterator first, last;
  Iterator begin() const { return first; }
  Iterator end() const { return last; }
};

/// Takes a list apart from its beginning on.
template <class List>
class Parts {
 public:
  /// `spans`: how many there are to be, in all; `who` is named where there are not.
  template <class E>
  static Parts of(const char* who, const char* what, List& list, std::size_t spans) {
    const std::size_t got = extent_of<E>(list).spans;
    if (got != spans)
      refuse(Sentence() << "gradus::" << who << "." << what << " must be a list of " << spans
                        << " spans, those of all groups (got " << got << ")");
    return Parts(std::begin(list));
  }
  /// The next so many spans.
  auto next(std::size_t spans) {
    const Iterator first = at_;
    while (spans-- != 0) ++at_;
    return Part<Iterator>{first, at_};
  }

 private:
  using Iterator = decltype(std::begin(std::declval<List&>()));
  explicit Parts(Iterator at) : at_(std::move(at)) {}

  Iterator at_;
};

}}}  // namespace gradus::GRADUS_ABI::detail
