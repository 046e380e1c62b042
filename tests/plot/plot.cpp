#include <gradus/plot/plot.hpp>

#include <gradus/plot/svg.hpp>
#include <gradus/schedule/combine/warmup.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/schedule/step_decay.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "support/schedule_conformance.hpp"

using gradus::Cosine;
using gradus::step_t;
using gradus::io::Chart;
using gradus::io::ChartPoint;
using gradus::io::course;
using gradus::io::Labelled;
using gradus::io::plot;
using gradus::io::Series;

TEST_CASE("A short course is every step", "[io]") {
  const Series s = course("a", Cosine<>{1, 0, 2}, 3);
  CHECK(s == Series{"a", {{0, 1}, {1, 0.5}, {2, 0}, {3, 0}}});
  CHECK(course("", gradus::Constant<>{1}, 0).points == std::vector<ChartPoint>{{0, 1}});
  CHECK(course("", gradus::Constant<>{1}, 500, 0).points.size() == 2);
  CHECK(course("", gradus::Constant<>{1}, 500, 0).points.back() == ChartPoint{500, 1});
}

TEST_CASE("A long course has the ends and every peak", "[io]") {
  const auto spike = [](step_t t) { return t == 4'321 ? 2.0 : t == 4'325 ? 0.5 : 1.0; };
  const std::vector<ChartPoint> points = course("", spike, 10'000, 100).points;
  CHECK(points.size() <= 203);
  CHECK((points.front() == ChartPoint{0, 1} && points.back() == ChartPoint{10'000, 1}));
  const auto has = [&](ChartPoint p) {
    return std::find(points.begin(), points.end(), p) != points.end();
  };
  CHECK((has({4'321, 2}) && has({4'325, 0.5})));
  CHECK(std::is_sorted(points.begin(), points.end(),
                       [](ChartPoint a, ChartPoint b) { return a.x < b.x; }));
  const auto falls = course("", Cosine<>{1, 0, 10'000}, 10'000).points;
  CHECK((falls.front() == ChartPoint{0, 1} && falls.back() == ChartPoint{10'000, 0}));
}

TEST_CASE("A course of any length takes no longer", "[io]") {
  step_t most = 0, calls = 0;
  const auto counts = [&](step_t t) {
    most = std::max(most, t);
    ++calls;
    return 1.0;
  };
  CHECK(course("", counts, gradus::last_step).points.size() < 1'500);
  CHECK((most == gradus::last_step && calls == 65'536));
}

TEST_CASE("A rate that is none is a gap", "[io]") {
  const auto gap = [](step_t t) { return t % 5'000 == 99 ? conformance::nan() : 1.0; };
  const Chart chart = plot(10'000, gap);
  const std::string picture = gradus::io::svg(chart);
  CHECK(picture.find("nan") == picture.npos);
  const auto& points = chart.panels[0].series[0].points;
  CHECK(std::count_if(points.begin(), points.end(),
                      [](ChartPoint p) { return !gradus::math::is_finite(p.y); }) == 2);
}

TEST_CASE("A plot names its schedules", "[io]") {
  const Chart chart = plot(100, Cosine<>{1, 0, 100}, Labelled{"mine", [](step_t) { return 0.5; }},
                           [](step_t) { return 1; });
  REQUIRE(chart.panels.size() == 1);
  const auto& series = chart.panels[0].series;
  REQUIRE(series.size() == 3);
  CHECK(series[0].name == "Cosine{start=1, steps=100}");
  CHECK(series[1].name == "mine");
  CHECK(series[2].name == "a function of the step");
  CHECK((chart.x.title == "step" && chart.y.title == "rate" && chart.title.empty()));
  CHECK(plot(9, gradus::Constant<>{1}).title == "Constant{value=1}");
}

TEST_CASE("A plot refuses what is not to be drawn", "[io]") {
  CHECK_THROWS_WITH(plot(9, Cosine<>{1, 0, 0}), "gradus::Cosine.steps must be > 0 (got 0)");
  CHECK_THROWS_WITH(plot(-9, Cosine<>{1, 0, 1}), "gradus::preview.steps must be >= 0 (got -9)");
}
