// optional header
// Collects the schedules that are read from a text, and reports their faults at their place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include <gradus/error/fault.hpp>
#include <gradus/text/any_schedule.hpp>
#include <gradus/text/node.hpp>
#include <gradus/text/text_call.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// Adds a schedule after the schedules in it.
class TreeReader : protected CallReader {
 protected:
  using CallReader::CallReader;

  bool add(Node schedule, const Call& made, Child& out) {
    const std::optional<Child> child = all_.add(std::move(schedule));
    if (!child) return too_many(made.place);
    out = *child;
    const Fault fault = at(out.index).check();
    if (!fault) return true;
    const PutOff* const before = find(out.index, fault);
    const std::size_t place = before != nullptr ? before->place : place_of(fault, made);
    if (!at(out.index).takes_no_steps()) return fail_at(place, sentence_of(fault).text());
    if (before == nullptr) put_off_[out.index] = {place, fault};
    return true;
  }
  /// Adds the result of a C++ function.
  bool add_all(const AnySchedule& made, std::size_t place, Child& out) {
    const std::size_t offset = all_.size();
    for (Node node : made.nodes_) {
      node.each_child([offset](Child& c) { c.index += static_cast<std::uint32_t>(offset); });
      if (!add(std::move(node), {.place = place}, out)) return false;
    }
    return true;
  }
  Child at(std::uint32_t index) const noexcept { return {index, all_.nodes_.data()}; }
  /// The place of the value with the fault; for "points.at" that of the points.
  static std::size_t place_of(const Fault& fault, const Call& made) {
    const std::string_view path = fault.field, name = path.substr(0, path.find('.'));
    std::size_t place = made.place;
    for (std::size_t i = 0; i < made.fields.size(); ++i)
      if (made.given[i] && made.fields[i].name == name) place = made.places[i];
    return place;
  }
  bool too_many(std::size_t place) {
    return fail_at(place, "expected at most 1000 schedules, at most 64 deep, found more");
  }
  /// The complete schedule; without a schedule after an error.
  AnySchedule finished() {
    if (!error_ && !put_off_.empty())
      if (const Fault fault = all_.check())
        fail_at(find(all_.root(), fault)->place, sentence_of(fault).text());
    return error_ ? AnySchedule{} : std::move(all_);
  }

 private:
  /// The fault of a schedule of length 0. It is an error unless the schedule turns out to be a
  /// piece of a sequence, which skips it.
  struct PutOff {
    std::size_t place;
    Fault fault;
  };
  /// The postponed fault in the tree of a schedule that equals this one; the last if there are
  /// several.
  const PutOff* find(std::uint32_t index, const Fault& fault) const {
    if (const auto p = put_off_.find(index); p != put_off_.end() && p->second.fault == fault)
      return &p->second;
    const PutOff* found = nullptr;
    all_.nodes_[index].each_child([&](const Child& c) {
      if (const PutOff* const p = find(c.index, fault)) found = p;
    });
    return found;
  }

  AnySchedule all_{};
  std::map<std::uint32_t, PutOff> put_off_{};
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
