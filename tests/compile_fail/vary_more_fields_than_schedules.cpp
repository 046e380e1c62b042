// Two fields, one schedule.
// expect-gcc: no matching function for call to .vary<
// expect-gcc: note: the expression .sizeof ... .S .... == sizeof ... ..Fields
// expect-clang: because 'sizeof...[(]S[)] == sizeof...[(]Fields[)]' .1 == 2. evaluated to false
#include <gradus/gradus.hpp>

auto rule = gradus::vary<&gradus::AdamW::weight_decay, &gradus::AdamW::beta1>(
    gradus::AdamW{}, gradus::Constant<>{0.1});
