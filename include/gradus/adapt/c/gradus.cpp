// The functions of the interface for C. All .cpp files of this folder are compiled: see gradus.h.
#include <gradus/adapt/c/gradus.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <initializer_list>
#include <limits>
#include <memory>
#include <mutex>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <gradus/adapt/c/any_optimizer.hpp>
#include <gradus/config/version.hpp>
#include <gradus/save/named_spans.hpp>
#include <gradus/step/options.hpp>
#include <gradus/text/any_rule.hpp>
#include <gradus/text/any_schedule.hpp>
#include <gradus/text/concat.hpp>
#include <gradus/text/parse_rule.hpp>
#include <gradus/text/text.hpp>

struct gradus_optimizer {
  std::unique_ptr<gradus::detail::c::AnyOptimizer> any{};  // nullptr after gradus_free
  std::string message{};
};

namespace {

namespace io = gradus::io;
using gradus::detail::c::AnyOptimizer;
using gradus::detail::c::check_given;
using gradus::detail::c::list_arrays;
using gradus::detail::c::OptimizerArguments;
using gradus::detail::c::refuse;
using gradus::detail::c::TypedOptimizer;
using io::detail::concat;

/// The message of calls without an optimizer.
std::string& message_of_thread() noexcept {
  thread_local std::string message;
  return message;
}
void say(gradus_optimizer* o, const char* sentence) noexcept {
  std::string& message = o != nullptr ? o->message : message_of_thread();
  try {
    message = sentence;
  } catch (...) {
    message.clear();
  }
}

/// Calls f; an exception becomes a message.
template <class F>
gradus_status guarded(gradus_optimizer* o, const F& f) noexcept {
  try {
    f();
    return GRADUS_OK;
  } catch (const std::bad_alloc&) {
    say(o, "gradus: there is not enough memory");
    return GRADUS_NO_MEMORY;
  } catch (const std::system_error& e) {
    say(o, e.what());
    return GRADUS_SYSTEM;
  } catch (const std::exception& e) {
    say(o, e.what());
    return GRADUS_REFUSED;
  }
}
/// f(optimizer), where f is the function `who`.
template <class F>
gradus_status call(const char* who, gradus_optimizer* o, const F& f) noexcept {
  if (o != nullptr && o->any != nullptr) return guarded(o, [&] { f(*o->any); });
  static_cast<void>(guarded(nullptr, [&] {
    refuse({who, ".optimizer must not be ", o == nullptr ? "NULL" : "used after gradus_free"});
  }));
  return GRADUS_NO_HANDLE;
}

/// A handle. Its memory is kept for ever, so that a handle that was freed is still recognised.
gradus_optimizer& new_handle() {
  static std::mutex mutex;
  static auto& all = *new std::deque<gradus_optimizer>;
  const std::lock_guard lock(mutex);
  return all.emplace_back();
}

/// An optimizer with the rule of the arguments, made in the file that has the rule.
template <class P>
std::unique_ptr<AnyOptimizer> make_any(const OptimizerArguments<P>& arguments) {
  using gradus::detail::c::shares;
  return [&]<std::size_t... Share>(std::index_sequence<Share...>) {
    constexpr std::array makers{&gradus::detail::c::make_optimizer<Share, P>...};
    return makers[arguments.rule_index % shares](arguments);
  }(std::make_index_sequence<shares>());
}

template <class P>
gradus_optimizer* create(const char* who, const char* schedule, const char* rule, std::size_t spans,
                         P* const* params, const std::size_t* sizes,
                         const char* const* names) noexcept {
  gradus_optimizer* made = nullptr;
  static_cast<void>(guarded(nullptr, [&] {
    check_given(who, "schedule", schedule);
    check_given(who, "rule", rule);
    if (spans != 0) check_given(who, "sizes", sizes);
    const std::span all(sizes, spans);
    std::vector<std::span<P>> list;
    list_arrays(who, "params", params, all, list);
    io::detail::NameChecker checker;
    for (std::size_t j = 0; names != nullptr && j < spans; ++j) {
      check_given(who, concat({"names[", std::to_string(j), "]"}), names[j]);
      checker.add(names[j]);
    }
    const io::AnySchedule rate = io::parse(schedule);
    const io::AnyRule chosen = io::parse_rule(rule);
    std::unique_ptr<AnyOptimizer> any =
        make_any<P>({.schedule = rate,
                     .rule_index = chosen.index(),
                     .rule = std::visit([](const auto& r) -> const void* { return &r; }, chosen),
                     .params = list,
                     .sizes = all,
                     .names = checker.names});
    gradus_optimizer& handle = new_handle();
    handle.any = std::move(any);
    made = &handle;
  }));
  return made;
}

template <class P>
gradus_status step(const char* who, gradus_optimizer* optimizer, std::size_t spans,
                   P* const* params, const P* const* grads, const gradus_options* options,
                   gradus_result* result) noexcept {
  return call(who, optimizer, [&](AnyOptimizer& any) {
    if (any.is_double() != std::is_same_v<P, double>)
      refuse({who, ".optimizer must be of the same type of parameters: call ",
              any.is_double() ? "gradus_step_double" : "gradus_step"});
    const gradus_options o = options != nullptr ? *options : gradus_default_options();
    const gradus_result r = static_cast<TypedOptimizer<P>&>(any).step(who, spans, params, grads, o);
    if (result != nullptr) *result = r;
  });
}

}  // namespace

const char* gradus_version(void) { return GRADUS_VERSION_STRING; }

gradus_optimizer* gradus_create(const char* schedule, const char* rule, size_t spans,
                                float* const* params, const size_t* sizes,
                                const char* const* names) {
  return create("gradus_create", schedule, rule, spans, params, sizes, names);
}
gradus_optimizer* gradus_create_double(const char* schedule, const char* rule, size_t spans,
                                       double* const* params, const size_t* sizes,
                                       const char* const* names) {
  return create("gradus_create_double", schedule, rule, spans, params, sizes, names);
}
gradus_status gradus_free(gradus_optimizer* optimizer) {
  if (optimizer == nullptr) return GRADUS_OK;
  const gradus_status r = call("gradus_free", optimizer, [](AnyOptimizer&) {});
  optimizer->any.reset();
  optimizer->message = std::string();
  return r;
}

gradus_status gradus_step(gradus_optimizer* optimizer, size_t spans, float* const* params,
                          const float* const* grads, const gradus_options* options,
                          gradus_result* result) {
  return step("gradus_step", optimizer, spans, params, grads, options, result);
}
gradus_status gradus_step_double(gradus_optimizer* optimizer, size_t spans, double* const* params,
                                 const double* const* grads, const gradus_options* options,
                                 gradus_result* result) {
  return step("gradus_step_double", optimizer, spans, params, grads, options, result);
}
gradus_options gradus_default_options(void) { return {1, 1, -1, gradus::not_said, 0}; }

double gradus_rate(gradus_optimizer* optimizer) {
  double r = std::numeric_limits<double>::quiet_NaN();
  call("gradus_rate", optimizer, [&](const AnyOptimizer& any) { r = any.rate(); });
  return r;
}
int64_t gradus_steps(gradus_optimizer* optimizer) {
  std::int64_t r = -1;
  call("gradus_steps", optimizer,
       [&](const AnyOptimizer& any) { r = static_cast<std::int64_t>(any.steps()); });
  return r;
}
gradus_status gradus_seek(gradus_optimizer* optimizer, int64_t step) {
  return call("gradus_seek", optimizer, [&](AnyOptimizer& any) { any.seek(step); });
}

void* gradus_state(gradus_optimizer* optimizer, const char* name, size_t* size) {
  void* r = nullptr;
  call("gradus_state", optimizer, [&](AnyOptimizer& any) {
    check_given("gradus_state", "name", name);
    std::size_t n = 0;
    r = any.state(name, n);
    if (size != nullptr) *size = n;
  });
  return r;
}
size_t gradus_slots(gradus_optimizer* optimizer) {
  std::size_t r = 0;
  call("gradus_slots", optimizer, [&](const AnyOptimizer& any) { r = any.slot_names().size(); });
  return r;
}
const char* gradus_slot_name(gradus_optimizer* optimizer, size_t slot) {
  const char* r = nullptr;
  call("gradus_slot_name", optimizer, [&](const AnyOptimizer& any) {
    const std::vector<std::string>& names = any.slot_names();
    if (slot >= names.size())
      refuse({"gradus_slot_name.slot must be below ", std::to_string(names.size()), " (got ",
              std::to_string(slot), ")"});
    r = names[slot].c_str();
  });
  return r;
}

gradus_status gradus_save(gradus_optimizer* optimizer, const char* path, const void* params) {
  return call("gradus_save", optimizer, [&](AnyOptimizer& any) {
    check_given("gradus_save", "path", path);
    any.save(path, params);
  });
}
gradus_status gradus_load(gradus_optimizer* optimizer, const char* path, const void* params) {
  return call("gradus_load", optimizer, [&](AnyOptimizer& any) {
    check_given("gradus_load", "path", path);
    any.load(path, params);
  });
}

const char* gradus_message(gradus_optimizer* optimizer) {
  const bool alive = optimizer != nullptr && optimizer->any != nullptr;
  return alive ? optimizer->message.c_str() : message_of_thread().c_str();
}
