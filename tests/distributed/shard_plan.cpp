#include <gradus/distributed/shard_plan.hpp>

#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::Shard, gradus::ShardPlan;

TEST_CASE("A plan in equal shares", "[distributed]") {
  const ShardPlan plan = ShardPlan::equal(1'000'003, 4);
  CHECK(plan.text() == "equal 1000003 4 1");
  REQUIRE(plan.shards().size() == 4);
  for (const Shard& s : plan.shards()) CHECK(s.begin % ShardPlan::unit == 0);
  CHECK(plan.size(0) == 7 * ShardPlan::unit);
  CHECK(plan.size(3) == 1'000'003 - 23 * ShardPlan::unit);
  CHECK(plan.table() ==
        "1000003 elements on 4 ranks, in equal shares\n  rank 0: 229376\n  rank 1: 262144\n"
        "  rank 2: 262144\n  rank 3: 246339\n  the largest share is 105 % of the mean\n");
  CHECK(ShardPlan::equal(10, 3).shards().size() == 1);  // the others have nothing
  CHECK(ShardPlan::equal(0, 3).shards().empty());
}
TEST_CASE("A plan in buckets, each of which is divided among all", "[distributed]") {
  constexpr std::size_t unit = ShardPlan::unit;
  const ShardPlan plan = ShardPlan::equal(8 * unit, 2, 2);
  const std::vector<Shard> first = plan.of(0);
  CHECK(first == std::vector<Shard>{{0, 2 * unit, 0, 0}, {4 * unit, 6 * unit, 0, 2 * unit}});
  CHECK(ShardPlan::equal(3 * unit, 2, 100).text() == "equal 98304 2 1");
}
TEST_CASE("A plan in whole spans has the smallest largest share", "[distributed]") {
  const std::size_t sizes[] = {5, 1, 1, 0, 1, 6, 2};
  const double costs[] = {5, 1, 1, 0, 1, 6, 2};
  const ShardPlan plan = ShardPlan::whole_spans(sizes, costs, 3);
  CHECK(plan.text() == "spans 16 3 7 14 16");
  CHECK(ShardPlan::whole_spans(sizes, costs, 100).size(0) == 6);
}
TEST_CASE("A plan as text", "[distributed]") {
  for (const char* text :
       {"equal 1000003 4 1", "equal 262144 2 2", "spans 16 3 6 8 16", "equal 0 1 1"})
    CHECK(ShardPlan::parse(text).text() == text);
  for (const char* text :
       {"", "equal", "equal 10 0 1", "equal 10 2 2", "equal 10 2 1 ", "spans 16 3 6 8 15",
        "spans 16 3 8 6 16", "other 1 1 1", "equal 99999999999999999999 1 1", "equal 010 2 1"})
    CHECK_THROWS_WITH(ShardPlan::parse(text),
                      Catch::StartsWith("gradus::ShardPlan must be a line that text() returns"));
}
TEST_CASE("A plan refuses costs that are negative or not finite", "[distributed]") {
  const std::size_t sizes[] = {10, 10, 10};
  for (const double bad : {-9.0, support::nan<double>(), support::infinity<double>()}) {
    const double costs[] = {5, 5, bad};
    CHECK_THROWS_WITH(ShardPlan::whole_spans(sizes, costs, 2),
                      Catch::StartsWith("gradus::ShardPlan.costs must be finite and >= 0"));
  }
}
TEST_CASE("The buckets of one rank are one shard", "[distributed]") {
  const ShardPlan plan = ShardPlan::equal(8 * ShardPlan::unit, 1, 4);
  CHECK(plan.of(0) == std::vector<Shard>{{0, plan.elements(), 0, 0}});
  CHECK(ShardPlan::parse(plan.text()) == plan);
}
