// The optimizer behind a handle of the interface for C: what does not depend on the rule.
#include <gradus/adapt/c/any_optimizer.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/concept/slot.hpp>
#include <gradus/config/refuse.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/named.hpp>
#include <gradus/save/named_spans.hpp>
#include <gradus/save/save.hpp>
#include <gradus/save/state_names.hpp>
#include <gradus/step/options.hpp>
#include <gradus/step/result.hpp>
#include <gradus/text/concat.hpp>
#include <gradus/text/spelling.hpp>
#include <gradus/training/gradient_norm.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail { namespace c {

void refuse(std::initializer_list<std::string_view> sentence) {
  gradus::refuse(io::detail::concat(sentence).c_str());
}
void check_given(const char* who, std::string_view what, const void* pointer) {
  if (pointer == nullptr) refuse({who, ".", what, " must not be NULL"});
}
template <class T>
void list_arrays(const char* who, std::string_view what, T* const* arrays,
                 std::span<const std::size_t> sizes, std::vector<std::span<T>>& list) {
  if (!sizes.empty()) check_given(who, what, arrays);
  list.clear();
  for (std::size_t j = 0; j < sizes.size(); ++j) {
    if (sizes[j] != 0)
      check_given(who, io::detail::concat({what, "[", std::to_string(j), "]"}), arrays[j]);
    list.emplace_back(arrays[j], sizes[j]);
  }
}

AnyOptimizer::~AnyOptimizer() = default;

std::pair<std::size_t, std::size_t> AnyOptimizer::arrays_of(std::string_view& whole) const {
  const std::size_t point = whole.rfind('.');
  if (point == std::string_view::npos) return {0, sizes_.size()};
  const std::string_view array = whole.substr(0, point);
  io::detail::Nearest nearest(array);
  std::vector<std::string> all(sizes_.size());
  for (std::size_t j = 0; j < sizes_.size(); ++j) {
    all[j] = name(j);
    nearest.look_at(all[j]);
    if (all[j] != array) continue;
    whole.remove_prefix(point + 1);
    return {j, j + 1};
  }
  refuse({"gradus_state.name must begin with the name of an array (got \"", whole, "\")",
          nearest.question()});
}
std::size_t AnyOptimizer::slot_of(std::string_view slot) const {
  if (slot_names_.empty())
    refuse({"gradus_state.name must not be given, because the rule has no slots"});
  io::detail::Nearest nearest(slot);
  std::string known;
  for (std::size_t j = 0; j < slot_names_.size(); ++j) {
    if (slot_names_[j] == slot || own_slot_names_[j] == slot) return j;
    nearest.look_at(slot_names_[j]), nearest.look_at(own_slot_names_[j]);
    io::detail::add_item(known, slot_names_[j]);
  }
  refuse({"gradus_state.name must be a slot of the rule, one of ", known, " (got \"", slot, "\")",
          nearest.question()});
}

void AnyOptimizer::name_slots(std::string_view rule, std::span<const Slot> slots) {
  for (const Slot& slot : slots) {
    slot_names_.push_back(io::state_name(rule, slot.name.view()));
    own_slot_names_.emplace_back(slot.name.view());
  }
}

template <class P>
gradus_result TypedOptimizer<P>::step(const char* who, std::size_t spans, P* const* params,
                                      const P* const* grads, const gradus_options& o) {
  if (spans != sizes_.size())
    refuse({who, ".spans must be ", std::to_string(sizes_.size()), ", as at construction (got ",
            std::to_string(spans), ")"});
  // In C, what is not named in braces is 0, and such a step would do nothing.
  for (const auto& [field, value] : {std::pair{"scale", o.scale}, {"factor", o.factor}})
    if (value == 0)
      refuse({who, ".options.", field, " must not be 0: begin with gradus_default_options()"});
  list_arrays(who, "params", params, sizes_, params_);
  list_arrays(who, "grads", grads, sizes_, grads_);
  StepOptions options{.scale = o.scale, .factor = o.factor, .loss = o.loss};
  if (o.position != -1) options.position = o.position;
  double norm = not_said;
  if (o.clip_norm != 0) {
    const ClipNorm clip{.max_norm = o.clip_norm};
    norm = gradus::gradient_norm(grads_, o.scale);
    options.scale *= clip.factor(norm);
    if (static_cast<P>(options.scale) == 0) options.scale = 0;  // as in a chain: a step of 0
  }
  const StepResult r = make_step(params_, grads_, options);
  return {static_cast<std::int64_t>(r.t), r.rate, norm};
}
template <class P>
void TypedOptimizer<P>::save(const char* path, const void* params) {
  if (params == nullptr) return io::save(path, part());
  list_arrays("gradus_save", "params", static_cast<const P* const*>(params), sizes_, grads_);
  io::save(path, part(), named(grads_));
}
template <class P>
void TypedOptimizer<P>::load(const char* path, const void* params) {
  if (params == nullptr) return io::load(path, part());
  list_arrays("gradus_load", "params", static_cast<P* const*>(params), sizes_, params_);
  io::load(path, part(), named(params_));
}
template <class P>
void* TypedOptimizer<P>::state(std::string_view name, std::size_t& size) {
  const auto [first, last] = arrays_of(name);
  const std::size_t j = slot_of(name);
  std::size_t begin = 0;
  for (std::size_t k = 0; k < first; ++k) begin += sizes_[k];
  size = 0;
  for (std::size_t k = first; k < last; ++k) size += sizes_[k];
  return slot(j) + begin;
}
template <class P>
io::detail::SharedPart TypedOptimizer<P>::part() {
  std::shared_ptr<io::detail::AnyPart> r = any_part();
  if (!names_.empty()) r->name_spans(names_);
  return {r};
}
template <class P>
template <class List>
auto TypedOptimizer<P>::named(List& list) const {
  return names_.empty() ? io::named("params", list) : io::named(names_, list);
}

template class TypedOptimizer<float>;
template class TypedOptimizer<double>;
template void list_arrays(const char*, std::string_view, float* const*,
                          std::span<const std::size_t>, std::vector<std::span<float>>&);
template void list_arrays(const char*, std::string_view, double* const*,
                          std::span<const std::size_t>, std::vector<std::span<double>>&);

}}}}  // namespace gradus::GRADUS_ABI::detail::c
