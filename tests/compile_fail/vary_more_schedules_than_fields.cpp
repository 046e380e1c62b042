// One field, two schedules.
// expect: gradus::vary takes one schedule for each field
#include <gradus/gradus.hpp>

auto rule = gradus::vary<&gradus::AdamW::weight_decay>(gradus::AdamW{}, gradus::Constant<>{0.1},
                                                       gradus::Constant<>{0.9});
