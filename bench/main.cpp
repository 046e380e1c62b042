// All rows run in one process, so that Google Benchmark can interleave them. tools/bench runs it.
#include "bench.hpp"

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::AddCustomContext("gradus_isa", gradus::simd::name(gradus::simd::current()));
  bench::add_rules();
  bench::add_vectors();
  bench::add_threads();
  bench::add_calls();
  bench::add_chains();
  bench::add_storage();
  bench::add_schedules();
  bench::add_peers();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
