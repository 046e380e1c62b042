// The interface for C, to be compiled once in a program or shared library: see gradus.h.
#include <gradus/adapt/c/gradus.h>

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

#include <gradus/optimizer.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>
#include <gradus/text/concat.hpp>
#include <gradus/text/parse_rule.hpp>
#include <gradus/text/text.hpp>
#include <gradus/training/gradient_norm.hpp>

namespace {

namespace io = gradus::io;
using io::detail::add_item;
using io::detail::concat;

[[noreturn]] void refuse(std::initializer_list<std::string_view> sentence) {
  gradus::refuse(concat(sentence).c_str());
}
void check_given(const char* who, std::string_view what, const void* pointer) {
  if (pointer == nullptr) refuse({who, ".", what, " must not be NULL"});
}
/// Arrays as a list of spans. Refuses an array that is NULL.
template <class T>
void list_arrays(const char* who, std::string_view what, T* const* arrays,
                 std::span<const std::size_t> sizes, std::vector<std::span<T>>& list) {
  if (!sizes.empty()) check_given(who, what, arrays);
  list.clear();
  for (std::size_t j = 0; j < sizes.size(); ++j) {
    if (sizes[j] != 0) check_given(who, concat({what, "[", std::to_string(j), "]"}), arrays[j]);
    list.emplace_back(arrays[j], sizes[j]);
  }
}

/// What is saved of an optimizer whose types are not known.
class Saved {
 public:
  virtual ~Saved() = default;
  virtual void name_spans(std::span<const std::string> names) = 0;
  virtual void add_to(io::detail::Contents& contents) = 0;
  virtual void check(const std::string& path) const = 0;
  virtual void commit() = 0;
};
template <class O>
class SavedOf final : public Saved {
 public:
  explicit SavedOf(O& optimizer) : part_(optimizer) {}
  void name_spans(std::span<const std::string> names) override { part_.name_spans(names); }
  void add_to(io::detail::Contents& contents) override { part_.add_to(contents); }
  void check(const std::string& path) const override { part_.check(path); }
  void commit() override { part_.commit(); }

 private:
  io::detail::OptimizerPart<O> part_;
};
/// The same as a value, which `io::save` and `io::load` take.
struct SavedValue {
  static constexpr bool writable = true;
  std::shared_ptr<Saved> saved;

  static std::size_t optimizers() noexcept { return 1; }
  void add_to(io::detail::Contents& contents) const { saved->add_to(contents); }
  void check(const std::string& path) const { saved->check(path); }
  void commit() const { saved->commit(); }
};
SavedValue part_of(const SavedValue& part) { return part; }

/// An optimizer whose rule and type are not known, and the names of its arrays.
class Any {
 public:
  virtual ~Any() = default;
  virtual double rate() const = 0;
  virtual gradus::step_t steps() const = 0;
  virtual void seek(gradus::Length t) = 0;
  virtual void save(const char* path, const void* params) = 0;
  virtual void load(const char* path, const void* params) = 0;
  virtual void* state(std::string_view name, std::size_t& size) = 0;

  const std::vector<std::string>& slot_names() const noexcept { return slot_names_; }
  bool is_double() const noexcept { return is_double_; }

 protected:
  Any(bool is_double, std::span<const std::size_t> sizes, std::vector<std::string> names)
      : sizes_(sizes.begin(), sizes.end()), names_(std::move(names)), is_double_(is_double) {}

  /// The name of array j in `gradus_state`.
  std::string name(std::size_t j) const { return names_.empty() ? std::to_string(j) : names_[j]; }
  /// The arrays that a name means: one, or all of them. The rest of the name is a slot.
  std::pair<std::size_t, std::size_t> arrays_of(std::string_view& name) const;
  std::size_t slot_of(std::string_view name) const;
  void name_slots(std::string_view rule, std::span<const gradus::Slot> slots);

  std::vector<std::size_t> sizes_;
  std::vector<std::string> names_;  // empty if none were given
  std::vector<std::string> slot_names_{};
  std::vector<std::string> own_slot_names_{};
  bool is_double_;
};

std::pair<std::size_t, std::size_t> Any::arrays_of(std::string_view& whole) const {
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
std::size_t Any::slot_of(std::string_view slot) const {
  if (slot_names_.empty())
    refuse({"gradus_state.name must not be given, because the rule has no slots"});
  io::detail::Nearest nearest(slot);
  std::string known;
  for (std::size_t j = 0; j < slot_names_.size(); ++j) {
    if (slot_names_[j] == slot || own_slot_names_[j] == slot) return j;
    nearest.look_at(slot_names_[j]), nearest.look_at(own_slot_names_[j]);
    add_item(known, slot_names_[j]);
  }
  refuse({"gradus_state.name must be a slot of the rule, one of ", known, " (got \"", slot, "\")",
          nearest.question()});
}

void Any::name_slots(std::string_view rule, std::span<const gradus::Slot> slots) {
  for (const gradus::Slot& slot : slots) {
    slot_names_.push_back(io::state_name(rule, slot.name.view()));
    own_slot_names_.emplace_back(slot.name.view());
  }
}

/// The same for parameters of type P.
template <class P>
class Typed : public Any {
 public:
  using Params = std::vector<std::span<P>>;
  using Grads = std::vector<std::span<const P>>;

  gradus_result step(const char* who, std::size_t spans, P* const* params, const P* const* grads,
                     const gradus_options& o) {
    if (spans != sizes_.size())
      refuse({who, ".spans must be ", std::to_string(sizes_.size()), ", as at construction (got ",
              std::to_string(spans), ")"});
    // In C, what is not named in braces is 0, and such a step would do nothing.
    for (const auto& [field, value] : {std::pair{"scale", o.scale}, {"factor", o.factor}})
      if (value == 0)
        refuse({who, ".options.", field, " must not be 0: begin with gradus_default_options()"});
    list_arrays(who, "params", params, sizes_, params_);
    list_arrays(who, "grads", grads, sizes_, grads_);
    gradus::StepOptions options{.scale = o.scale, .factor = o.factor, .loss = o.loss};
    if (o.position != -1) options.position = o.position;
    double norm = gradus::not_said;
    if (o.clip_norm != 0) {
      const gradus::ClipNorm clip{.max_norm = o.clip_norm};
      norm = gradus::gradient_norm(grads_, o.scale);
      options.scale *= clip.factor(norm);
      if (static_cast<P>(options.scale) == 0) options.scale = 0;  // as in a chain: a step of 0
    }
    const gradus::StepResult r = make_step(params_, grads_, options);
    return {static_cast<std::int64_t>(r.t), r.rate, norm};
  }
  void save(const char* path, const void* params) override {
    if (params == nullptr) return io::save(path, part());
    list_arrays("gradus_save", "params", static_cast<const P* const*>(params), sizes_, grads_);
    io::save(path, part(), named(grads_));
  }
  void load(const char* path, const void* params) override {
    if (params == nullptr) return io::load(path, part());
    list_arrays("gradus_load", "params", static_cast<P* const*>(params), sizes_, params_);
    io::load(path, part(), named(params_));
  }
  void* state(std::string_view name, std::size_t& size) override {
    const auto [first, last] = arrays_of(name);
    const std::size_t j = slot_of(name);
    std::size_t begin = 0;
    for (std::size_t k = 0; k < first; ++k) begin += sizes_[k];
    size = 0;
    for (std::size_t k = first; k < last; ++k) size += sizes_[k];
    return slot(j) + begin;
  }

 protected:
  Typed(std::span<const std::size_t> sizes, std::vector<std::string> names)
      : Any(std::is_same_v<P, double>, sizes, std::move(names)) {}

  virtual gradus::StepResult make_step(Params& params, const Grads& grads,
                                       const gradus::StepOptions& options) = 0;
  virtual std::unique_ptr<Saved> saved() = 0;
  virtual P* slot(std::size_t j) = 0;

 private:
  SavedValue part() {
    std::shared_ptr<Saved> r = saved();
    if (!names_.empty()) r->name_spans(names_);
    return {r};
  }
  template <class List>
  auto named(List& list) const {
    return names_.empty() ? io::named("params", list) : io::named(names_, list);
  }

  Params params_{};
  Grads grads_{};
};

/// The optimizer. Every line of it is compiled for each rule and type, a hundred times: what does
/// not depend on them is above.
template <class R, class P>
class Of final : public Typed<P> {
  using Optimizer = gradus::Optimizer<io::AnySchedule, R, P>;

 public:
  Of(io::AnySchedule schedule, const R& rule, std::vector<std::span<P>>& params,
     std::span<const std::size_t> sizes, std::vector<std::string> names)
      : Typed<P>(sizes, std::move(names)), optimizer_(std::move(schedule), rule, params) {
    this->name_slots(R::name, gradus::slots_of(rule));
  }
  double rate() const override { return optimizer_.rate(); }
  gradus::step_t steps() const override { return optimizer_.steps(); }
  void seek(gradus::Length t) override { optimizer_.seek(t); }

 private:
  gradus::StepResult make_step(typename Typed<P>::Params& params,
                               const typename Typed<P>::Grads& grads,
                               const gradus::StepOptions& options) override {
    return optimizer_.step(params, grads, options);
  }
  std::unique_ptr<Saved> saved() override {
    return std::unique_ptr<Saved>(new SavedOf<Optimizer>(optimizer_));
  }
  P* slot(std::size_t j) override { return optimizer_.template slot<P>(j).data(); }

  Optimizer optimizer_;
};

}  // namespace

struct gradus_optimizer {
  std::unique_ptr<Any> any{};  // nullptr after gradus_free
  std::string message{};
};

namespace {

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
    std::unique_ptr<Any> any = std::visit(
        [&]<class R>(const R& r) -> std::unique_ptr<Any> {
          return std::unique_ptr<Any>(new Of<R, P>(rate, r, list, all, checker.names));
        },
        io::parse_rule(rule));
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
  return call(who, optimizer, [&](Any& any) {
    if (any.is_double() != std::is_same_v<P, double>)
      refuse({who, ".optimizer must be of the same type of parameters: call ",
              any.is_double() ? "gradus_step_double" : "gradus_step"});
    const gradus_options o = options != nullptr ? *options : gradus_default_options();
    const gradus_result r = static_cast<Typed<P>&>(any).step(who, spans, params, grads, o);
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
  const gradus_status r = call("gradus_free", optimizer, [](Any&) {});
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
  call("gradus_rate", optimizer, [&](const Any& any) { r = any.rate(); });
  return r;
}
int64_t gradus_steps(gradus_optimizer* optimizer) {
  std::int64_t r = -1;
  call("gradus_steps", optimizer,
       [&](const Any& any) { r = static_cast<std::int64_t>(any.steps()); });
  return r;
}
gradus_status gradus_seek(gradus_optimizer* optimizer, int64_t step) {
  return call("gradus_seek", optimizer, [&](Any& any) { any.seek(step); });
}

void* gradus_state(gradus_optimizer* optimizer, const char* name, size_t* size) {
  void* r = nullptr;
  call("gradus_state", optimizer, [&](Any& any) {
    check_given("gradus_state", "name", name);
    std::size_t n = 0;
    r = any.state(name, n);
    if (size != nullptr) *size = n;
  });
  return r;
}
size_t gradus_slots(gradus_optimizer* optimizer) {
  std::size_t r = 0;
  call("gradus_slots", optimizer, [&](const Any& any) { r = any.slot_names().size(); });
  return r;
}
const char* gradus_slot_name(gradus_optimizer* optimizer, size_t slot) {
  const char* r = nullptr;
  call("gradus_slot_name", optimizer, [&](const Any& any) {
    const std::vector<std::string>& names = any.slot_names();
    if (slot >= names.size())
      refuse({"gradus_slot_name.slot must be below ", std::to_string(names.size()), " (got ",
              std::to_string(slot), ")"});
    r = names[slot].c_str();
  });
  return r;
}

gradus_status gradus_save(gradus_optimizer* optimizer, const char* path, const void* params) {
  return call("gradus_save", optimizer, [&](Any& any) {
    check_given("gradus_save", "path", path);
    any.save(path, params);
  });
}
gradus_status gradus_load(gradus_optimizer* optimizer, const char* path, const void* params) {
  return call("gradus_load", optimizer, [&](Any& any) {
    check_given("gradus_load", "path", path);
    any.load(path, params);
  });
}

const char* gradus_message(gradus_optimizer* optimizer) {
  const bool alive = optimizer != nullptr && optimizer->any != nullptr;
  return alive ? optimizer->message.c_str() : message_of_thread().c_str();
}
