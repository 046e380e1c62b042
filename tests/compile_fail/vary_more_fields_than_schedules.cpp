// Two fields, one schedule.
// expect: vary
// expect: sizeof\.\.\.
#include <gradus/gradus.hpp>

auto rule = gradus::vary<&gradus::AdamW::decay, &gradus::AdamW::beta1>(gradus::AdamW{},
                                                                       gradus::Constant<>{0.1});
