// optional header
// Names for the spans of an optimizer, so that spans in another order are detected.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/error/sentence.hpp>
#include <gradus/save/contents.hpp>
#include <gradus/save/groups_part.hpp>
#include <gradus/save/name_set.hpp>
#include <gradus/save/named.hpp>
#include <gradus/text/concat.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {

inline void check_names(std::size_t names, std::size_t spans) {
  if (names != spans)
    refuse(gradus::detail::Sentence() << "gradus::io::named.names must be one for each span, "
                                      << spans << " (got " << names << ")");
}

/// An optimizer, or groups, and the names of all its spans.
template <class O>
class NamedSpansPart {
 public:
  static constexpr bool writable = !std::is_const_v<O>;

  NamedSpansPart(const std::vector<std::string>& names, O& optimizer) : part_(part_of(optimizer)) {
    check_names(names.size(), part_.spans());
    std::span<const std::string> rest(names);
    part_.name_spans(rest);
  }
  std::size_t optimizers() const noexcept { return part_.optimizers(); }
  void add_to(Contents& contents) { part_.add_to(contents); }
  void check(const std::string& path) { part_.check(path); }
  void commit() { part_.commit(); }

 private:
  decltype(part_of(std::declval<O&>())) part_;
};
template <class O>
auto part_of(const NamedSpansPart<O>& part) {
  return part;
}

/// Names for a file, all different. They must not have commas, because a list of them is separated
/// by commas.
class NameChecker {
 public:
  void add(std::string_view name) {
    std::string checked = checked_name(name);
    const auto refuse_name = [&](const char* rule, const char* rest) {
      refuse(concat({"gradus::io::named.names must be ", rule, " (got \"", checked, rest}).c_str());
    };
    if (checked.find(',') != std::string::npos) refuse_name("without commas", "\")");
    if (!seen_.insert(checked)) refuse_name("different", "\" twice)");
    names.push_back(std::move(checked));
  }
  std::vector<std::string> names{};

 private:
  NameSet seen_{};
};

/// A range of names.
template <class N>
concept NameList = !std::convertible_to<const N&, std::string_view> && requires(const N& names) {
  { *std::begin(names) } -> std::convertible_to<std::string_view>;
  std::end(names);
};
template <class X>
concept HasSpans = requires(X& x) { part_of(x).spans(); };

}  // namespace detail

/// `named({"weights", "bias"}, opt)` gives a name to each span of an optimizer, `Groups` or a
/// `GroupList`. If a file has names, spans in another order are refused, also if their sizes are
/// the same.
///
///   io::save("run.safetensors", io::named({"weights", "bias"}, opt));
///
/// With a list of spans, each is saved under its name: `named({"weights", "bias"}, params)`.
/// Domain: names of printable ASCII without quotes, backslashes and commas, all different; one for
///   each span, for groups one group after another. A file without names, such as one of an older
///   version, loads with any names.
/// Errors: any other name; another number of names than of spans.
template <detail::NameList N, class X>
auto named(const N& names, X&& x) {
  static_assert(
      detail::HasSpans<std::remove_reference_t<X>> || requires { detail::numbers(*std::begin(x)); },
      "gradus::io::named with several names takes an optimizer, Groups, a GroupList or a list of "
      "spans");
  detail::NameChecker checker;
  for (const auto& name : names) checker.add(name);
  std::vector<std::string>& all = checker.names;
  if constexpr (detail::HasSpans<std::remove_reference_t<X>>) {
    static_assert(std::is_lvalue_reference_v<X>,
                  "gradus::io::named refers to its argument, which must stay");
    return detail::NamedSpansPart<std::remove_reference_t<X>>(all, x);
  } else {
    static_assert(detail::stays<X>(), "gradus::io::named refers to its argument, which must stay");
    auto r = detail::refer_to(std::string(), x);
    detail::check_names(all.size(), r.tensors.size());
    for (std::size_t j = 0; j < all.size(); ++j) r.tensors[j].name = std::move(all[j]);
    return r;
  }
}
template <class X>
auto named(std::initializer_list<std::string_view> names, X&& x) {
  return named(std::span(names.begin(), names.size()), std::forward<X>(x));
}

}}}  // namespace gradus::GRADUS_ABI::io
