// One field, two schedules.
// expect-gcc: no matching function for call to .vary<
// expect-gcc: note: the expression .sizeof ... .S .... == sizeof ... ..Fields
// expect-clang: because 'sizeof...[(]S[)] == sizeof...[(]Fields[)]' .2 == 1. evaluated to false
#include <gradus/gradus.hpp>

auto rule = gradus::vary<&gradus::AdamW::weight_decay>(gradus::AdamW{}, gradus::Constant<>{0.1},
                                                       gradus::Constant<>{0.9});
