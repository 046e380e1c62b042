#include <gradus/memory/spans.hpp>

#include <array>
#include <initializer_list>
#include <list>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"

namespace detail = gradus::detail;
using gradus::SpanArgument;
using gradus::SpanList;
using gradus::SpanOf;

namespace {

// Like a column of a matrix: data() and size(), but not one element after another.
struct Strided {
  float* data() const { return nullptr; }
  std::size_t size() const { return 0; }
};
// A view that also converts, and a holder whose `of` returns a reference.
struct ConvertingView : Strided {
  operator std::span<float>() const { return {}; }
};
struct SpanHolder {
  std::span<float> span;
};

}  // namespace

template <>
struct gradus::SpanFrom<ConvertingView> {
  static std::span<float> of(const ConvertingView&) { return {}; }
};
template <>
struct gradus::SpanFrom<SpanHolder> {
  static const std::span<float>& of(const SpanHolder& x) { return x.span; }
};

namespace {

template <class X>
constexpr bool is_float = std::is_same_v<detail::value_t<X>, float>;

using Floats = std::vector<float>;
static_assert(SpanOf<Floats&, float> && SpanOf<const Floats&, const float>);
static_assert(SpanOf<std::array<float, 3>&, float> && SpanOf<float (&)[3], float>);
static_assert(SpanOf<std::span<float>, const float> && SpanOf<std::span<float, 3>, float>);
static_assert(SpanOf<ConvertingView, float> && SpanOf<ConvertingView&, float> &&
              SpanOf<SpanHolder&, float>);
static_assert(!SpanOf<SpanHolder, float> && SpanOf<SpanHolder, const float>);
static_assert(!SpanOf<Floats, float> && SpanOf<Floats, const float>);  // it would be gone
static_assert(!SpanOf<const Floats&, float> && !SpanOf<std::vector<double>&, float>);
static_assert(!SpanArgument<Strided, float> && !SpanArgument<std::list<float>&, float>);
static_assert(!SpanArgument<float, float> && !SpanArgument<std::vector<bool>&, float>);
static_assert(SpanList<std::vector<Floats>&, float> && !SpanList<Floats&, float>);
static_assert(SpanList<std::array<std::span<float>, 2>, float>);
static_assert(SpanList<std::list<Floats>&, float>);
static_assert(SpanList<std::initializer_list<std::span<float>>, float>);
static_assert(!SpanList<std::vector<Strided>&, float>);
static_assert(is_float<Floats&> && is_float<const Floats&> && is_float<float (&)[3]>);
static_assert(is_float<std::vector<Floats>&> && is_float<std::span<const float>>);
static_assert(std::is_same_v<detail::value_t<std::list<std::span<double>>>, double>);

}  // namespace

TEST_CASE("spans makes a list; what is const in part is const", "[spans]") {
  Floats a{1, 2};
  const std::array<float, 3> b{3, 4, 5};
  std::span<float> c(a);
  const auto list = gradus::spans(a, b);
  static_assert(std::is_same_v<decltype(list), const std::array<std::span<const float>, 2>>);
  CHECK((list[0].data() == a.data() && list[0].size() == 2));
  CHECK((list[1].data() == b.data() && list[1].size() == 3));
  static_assert(std::is_same_v<decltype(gradus::spans(a, c)), std::array<std::span<float>, 2>>);
  CHECK(gradus::spans(a, c)[1].data() == a.data());
  // Spans that are made in the call refer to what stays.
  const auto made = gradus::spans(std::span(a), std::span(a).first(1), a);
  static_assert(std::is_same_v<decltype(made), const std::array<std::span<float>, 3>>);
  CHECK((made[0].data() == a.data() && made[0].size() == 2 && made[1].size() == 1));
  float raw[3] = {1, 2, 3};
  CHECK(gradus::spans(raw, std::span<float, 1>(a.data(), 1))[0].size() == 3);
}

TEST_CASE("extent_of counts spans and elements", "[spans]") {
  std::vector<Floats> list{{1, 2}, {}, {3}};
  const detail::Extent r = detail::extent_of<float>(list);
  CHECK((r.spans == 3 && r.elements == 3));
  CHECK(r.begin == reinterpret_cast<std::uintptr_t>(list[0].data()));
  std::vector<Floats> none;
  CHECK(detail::extent_of<float>(none).spans == 0);
  const detail::Extent one = detail::extent_of<float>(list[2]);
  CHECK((one.spans == 1 && one.elements == 1));
}
