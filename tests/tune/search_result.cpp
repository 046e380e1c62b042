#include <gradus/tune/search_result.hpp>

#include <gradus/plot/svg.hpp>
#include <gradus/tune/search_chart.hpp>

#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using namespace gradus::tune;

namespace {

const Space space{{"rate", log_range(1e-3, 1)}, {"rule", choice("SGD", "Adam")}};

Trial trial(std::size_t number, gradus::step_t steps, double rate, const char* rule,
            Outcome outcome) {
  return {{number, {{"rate", rate}, {"rule", rule}}}, steps, std::move(outcome)};
}
const std::vector<Trial> trials{
    trial(0, 100, 0.001, "SGD", {0.5, ""}), trial(1, 300, 0.01, "SGD", {0.75, ""}),
    trial(2, 300, 0.1, "Adam", {0.25, ""}), trial(3, 100, 1, "Adam", {0, "diverged, \"early\""}),
    trial(4, 100, 0.2, "Adam", {0.5, ""}),  trial(5, 300, 0.3, "SGD", {30, ""})};

}  // namespace

TEST_CASE("Results are best first: longest trained, least loss, failures last", "[tune][search]") {
  const SearchResult result(space, trials);
  std::vector<std::size_t> order;
  for (const Trial& t : result.trials()) order.push_back(t.setting.trial());
  CHECK(order == std::vector<std::size_t>{2, 1, 5, 0, 4, 3});
  CHECK(result.best() == trials[2]);
  CHECK(result.table() ==
        "trial  steps   rate  rule  loss\n"
        "    2    300    0.1  Adam  0.25\n"
        "    1    300   0.01   SGD  0.75\n"
        "    5    300    0.3   SGD  30\n"
        "    0    100  0.001   SGD  0.5\n"
        "    4    100    0.2  Adam  0.5\n"
        "    3    100      1  Adam  failed: diverged, \"early\"\n");
  CHECK(result.table(1) ==
        "trial  steps  rate  rule  loss\n"
        "    2    300   0.1  Adam  0.25\n");
  CHECK(result.csv() ==
        "trial,steps,rate,rule,loss,failure\n"
        "2,300,0.1,Adam,0.25,\n"
        "1,300,0.01,SGD,0.75,\n"
        "5,300,0.3,SGD,30,\n"
        "0,100,0.001,SGD,0.5,\n"
        "4,100,0.2,Adam,0.5,\n"
        "3,100,1,Adam,,\"diverged, \"\"early\"\"\"\n");
}

TEST_CASE("Results as a picture: a dot for each trial with a loss", "[tune][search]") {
  const SearchResult result(space, trials);
  const gradus::io::Chart by_rate = chart(result, "rate"), by_rule = chart(result, "rule");
  CHECK((by_rate.x.title == "rate" && by_rate.x.logarithmic && by_rate.y.logarithmic));
  const auto& series = by_rate.panels.at(0).series;
  REQUIRE(series.size() == 2);
  CHECK((series[0].name == "300 steps" && series[0].dots && series[1].name == "100 steps"));
  CHECK(series[0].points ==
        std::vector<gradus::io::ChartPoint>{{0.1, 0.25}, {0.01, 0.75}, {0.3, 30}});
  CHECK(series[1].points == std::vector<gradus::io::ChartPoint>{{0.001, 0.5}, {0.2, 0.5}});
  CHECK(by_rule.x.labels == std::vector<std::string>{"SGD", "Adam"});
  CHECK(by_rule.panels[0].series[0].points ==
        std::vector<gradus::io::ChartPoint>{{1, 0.25}, {0, 0.75}, {0, 30}});
  CHECK(gradus::io::svg(by_rate).find("300 steps") != std::string::npos);
  CHECK(gradus::io::svg(by_rule).find("Adam") != std::string::npos);
  CHECK_THROWS_AS(chart(result, "rat"), Stop);
}

TEST_CASE("Without a loss there is no best", "[tune][search]") {
  const SearchResult result(space, {trials[3]});
  CHECK_THROWS_WITH(result.best(),
                    "gradus::tune::SearchResult: every trial failed; trial 3: diverged, \"early\"");
  CHECK(chart(result, "rate").panels.at(0).series.empty());
  CHECK(gradus::io::svg(chart(result, "rate")).find("</svg>") != std::string::npos);
  CHECK_THROWS_WITH(SearchResult(space, {}), "gradus::tune::SearchResult must have a trial");
}
