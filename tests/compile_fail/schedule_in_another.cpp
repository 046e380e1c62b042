// A rate, or a function that gives none, where a combinator takes a schedule.
// expect: gradus: a schedule must be callable with a step; a constant rate is gradus::Constant
// expect: gradus: a schedule must return a number, the rate
#include <gradus/gradus.hpp>

gradus::Warmup warmup{.steps = 10, .schedule = 0.1};
gradus::Repeat repeat{[](gradus::step_t) {}, 3};
