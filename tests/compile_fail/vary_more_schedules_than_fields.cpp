// One field, two schedules.
// expect: vary
// expect: sizeof\.\.\.
#include <gradus/gradus.hpp>

auto rule = gradus::vary<&gradus::AdamW::decay>(gradus::AdamW{}, gradus::Constant<>{0.1},
                                                gradus::Constant<>{0.9});
