// optional header: needs <gradus/adapt/c/gradus.h>
// The optimizer behind a handle of the interface for C. any_optimizer.cpp has the definitions.
#pragma once

#include <gradus/adapt/c/gradus.h>

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/concept/slot.hpp>
#include <gradus/save/any_part.hpp>
#include <gradus/step/length.hpp>
#include <gradus/step/options.hpp>
#include <gradus/step/result.hpp>
#include <gradus/text/any_schedule.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail { namespace c {

[[noreturn]] void refuse(std::initializer_list<std::string_view> sentence);
/// Refuses a pointer that is NULL.
void check_given(const char* who, std::string_view what, const void* pointer);
/// Arrays as a list of spans. Refuses an array that is NULL.
template <class T>
void list_arrays(const char* who, std::string_view what, T* const* arrays,
                 std::span<const std::size_t> sizes, std::vector<std::span<T>>& list);

/// An optimizer whose rule and type are not known, and the names of its arrays.
class AnyOptimizer {
 public:
  virtual ~AnyOptimizer();
  virtual double rate() const = 0;
  virtual step_t steps() const = 0;
  virtual void seek(Length t) = 0;
  virtual void save(const char* path, const void* params) = 0;
  virtual void load(const char* path, const void* params) = 0;
  virtual void* state(std::string_view name, std::size_t& size) = 0;

  const std::vector<std::string>& slot_names() const noexcept { return slot_names_; }
  bool is_double() const noexcept { return is_double_; }

 protected:
  AnyOptimizer(bool is_double, std::span<const std::size_t> sizes, std::vector<std::string> names)
      : sizes_(sizes.begin(), sizes.end()), names_(std::move(names)), is_double_(is_double) {}

  /// The name of array j in `gradus_state`.
  std::string name(std::size_t j) const { return names_.empty() ? std::to_string(j) : names_[j]; }
  /// The arrays that a name means: one, or all of them. The rest of the name is a slot.
  std::pair<std::size_t, std::size_t> arrays_of(std::string_view& name) const;
  std::size_t slot_of(std::string_view name) const;
  void name_slots(std::string_view rule, std::span<const Slot> slots);

  std::vector<std::size_t> sizes_;
  std::vector<std::string> names_;  // empty if none were given
  std::vector<std::string> slot_names_{};
  std::vector<std::string> own_slot_names_{};
  bool is_double_;
};

/// The same for parameters of type P.
template <class P>
class TypedOptimizer : public AnyOptimizer {
 public:
  using Params = std::vector<std::span<P>>;
  using Grads = std::vector<std::span<const P>>;

  gradus_result step(const char* who, std::size_t spans, P* const* params, const P* const* grads,
                     const gradus_options& options);
  void save(const char* path, const void* params) override;
  void load(const char* path, const void* params) override;
  void* state(std::string_view name, std::size_t& size) override;

 protected:
  TypedOptimizer(std::span<const std::size_t> sizes, std::vector<std::string> names)
      : AnyOptimizer(std::is_same_v<P, double>, sizes, std::move(names)) {}

  virtual StepResult make_step(Params& params, const Grads& grads, const StepOptions& options) = 0;
  virtual std::unique_ptr<io::detail::AnyPart> any_part() = 0;
  virtual P* slot(std::size_t j) = 0;

 private:
  io::detail::SharedPart part();
  template <class List>
  auto named(List& list) const;

  Params params_{};
  Grads grads_{};
};
extern template class TypedOptimizer<float>;
extern template class TypedOptimizer<double>;

/// The arguments of an optimizer's constructor. `rule` is number `rule_index` of `io::AnyRule`.
template <class P>
struct OptimizerArguments {
  const io::AnySchedule& schedule;
  std::size_t rule_index;
  const void* rule;
  std::vector<std::span<P>>& params;
  std::span<const std::size_t> sizes;
  const std::vector<std::string>& names;
};

/// The rules are divided among the files rules_0.cpp, rules_1.cpp and so on, which are compiled in
/// parallel and with less memory: rule i of `io::AnyRule` is in share i % shares.
inline constexpr std::size_t shares = 4;

/// Makes an optimizer with a rule of this share.
template <std::size_t Share, class P>
std::unique_ptr<AnyOptimizer> make_optimizer(const OptimizerArguments<P>& arguments);

}}}}  // namespace gradus::GRADUS_ABI::detail::c
