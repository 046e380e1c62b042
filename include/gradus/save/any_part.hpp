// optional header
// An optimizer as a part of a saved file, where its type is not known.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include <gradus/save/contents.hpp>
#include <gradus/save/optimizer_part.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// What a part does: see optimizer_part.hpp.
class AnyPart {
 public:
  AnyPart() = default;
  AnyPart(const AnyPart&) = delete;
  AnyPart& operator=(const AnyPart&) = delete;
  virtual ~AnyPart() = default;

  virtual void name_spans(std::span<const std::string> names) = 0;
  virtual void add_to(Contents& contents) = 0;
  virtual void check(const std::string& path) const = 0;
  virtual void commit() = 0;
};
template <class O>
class PartOf final : public AnyPart {
 public:
  explicit PartOf(O& optimizer) : part_(optimizer) {}
  void name_spans(std::span<const std::string> names) override { part_.name_spans(names); }
  void add_to(Contents& contents) override { part_.add_to(contents); }
  void check(const std::string& path) const override { part_.check(path); }
  void commit() override { part_.commit(); }

 private:
  OptimizerPart<O> part_;
};
/// The same as a value, which `io::save` and `io::load` take.
struct SharedPart {
  static constexpr bool writable = true;
  std::shared_ptr<AnyPart> part;

  static std::size_t optimizers() noexcept { return 1; }
  void add_to(Contents& contents) const { part->add_to(contents); }
  void check(const std::string& path) const { part->check(path); }
  void commit() const { part->commit(); }
};
inline SharedPart part_of(const SharedPart& part) { return part; }

}}}}  // namespace gradus::GRADUS_ABI::io::detail
