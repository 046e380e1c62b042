#include <gradus/memory/views.hpp>

#include <list>
#include <vector>

#include "support/catch.hpp"

namespace detail = gradus::detail;
using gradus::exec::View;

TEST_CASE("check_span refuses sizes, null and misalignment, in words", "[views]") {
  alignas(8) unsigned char bytes[32] = {};
  const auto check = [](std::span<float> s, std::size_t size) {
    detail::check_span<float>("Someone", "params", 3, s, size);
  };
  auto* const p = reinterpret_cast<float*>(bytes);
  CHECK_NOTHROW(check({p, 4}, 4));
  CHECK_NOTHROW(check({}, 0));
  CHECK_THROWS_WITH(check({p, 4}, 5),
                    "gradus::Someone.params[3] must have as many elements as its span of "
                    "parameters, 5 (got 4)");
  CHECK_THROWS_WITH(check({static_cast<float*>(nullptr), 4}, 4),
                    "gradus::Someone.params[3] must not be null with a size of 4 (got 4)");
  CHECK_THROWS_WITH(
      check({reinterpret_cast<float*>(bytes + 3), 4}, 4),
      "gradus::Someone.params[3] must be aligned to a multiple in bytes of 4 (got 3)");
}

TEST_CASE("Views are laid out and matched span by span", "[views]") {
  std::list<std::vector<float>> list{{1, 2}, {}, {3}};
  std::vector<View> views(3);
  detail::lay_out<float>(list, views);
  CHECK((views[0] == View{nullptr, nullptr, 2, 0} && views[1] == View{nullptr, nullptr, 0, 2}));
  CHECK(views[2] == View{nullptr, nullptr, 1, 2});
  std::vector<const float*> seen;
  detail::match<float>("Someone", "params", list, views, [&](View& view, std::span<float> s) {
    CHECK(view.n == s.size());
    seen.push_back(s.data());
  });
  CHECK((seen.size() == 3 && seen[0] == list.front().data() && seen[2] == list.back().data()));
  list.back().push_back(4);
  CHECK_THROWS_WITH(detail::check_spans<float>({"Someone", 4}, "params", list, views),
                    "gradus::Someone.params[2] of group 4 must have as many elements as its span "
                    "of parameters, 1 (got 2)");
  list.pop_back();
  CHECK_THROWS_WITH(detail::check_spans<float>("Someone", "params", list, views),
                    "gradus::Someone.params must be 3 spans, as at construction (got 2)");
  list.push_back({});
  CHECK_THROWS(detail::check_sizes<float>("Someone", "grads", list, views));
  CHECK_NOTHROW(detail::check_sizes<float>("Someone", "grads", list, views, true));
}

TEST_CASE("Numbers are cut as the views are", "[views]") {
  const std::vector<View> views{{nullptr, nullptr, 2, 0}, {nullptr, nullptr, 1, 2}};
  std::vector<float> numbers{1, 2, 3};
  const detail::CutAsViews<float> cut(views, numbers.data());
  static_assert(gradus::SpanArgument<const detail::CutAsViews<float>, const float>);
  const detail::Extent all = detail::extent_of<const float>(cut);
  CHECK((all.spans == 2 && all.elements == 3));
  CHECK((*++cut.begin()).data() == numbers.data() + 2);
}
