#include <gradus/exec/tbb.hpp>

#include "support/executors.hpp"

TEST_CASE("oneTBB's threads leave no trace", "[exec]") { support::leaves_no_trace(gradus::TBB{}); }
