// optional header
// Which rank has which elements.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gradus/config/refuse.hpp>
#include <gradus/exec/measure.hpp>
#include <gradus/text/concat.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Elements [begin, end) of all spans together, and the rank that steps them.
struct Shard {
  std::size_t begin = 0, end = 0, owner = 0;
  /// The place of element `begin` among those of its owner.
  std::size_t local = 0;

  constexpr std::size_t size() const noexcept { return end - begin; }
  constexpr bool operator==(const Shard&) const noexcept = default;
};

/// A division of all elements among ranks. Elements are counted over all spans, one span after
/// another. A plan is a value, which every rank computes for itself.
class ShardPlan {
 public:
  /// Elements of which a rank has all or none, so that a sum over all elements has the same bits
  /// for every number of ranks.
  static constexpr std::size_t unit = exec::piece;

  ShardPlan() = default;
  /// For rules that work element by element: shares that differ by at most a unit. With several
  /// buckets, each of these stretches of elements is divided among all ranks, so that its gradients
  /// can be reduced before those of the others are known.
  static ShardPlan equal(std::size_t elements, std::size_t ranks, std::size_t buckets = 1) {
    ShardPlan plan(Kind::equal, elements, ranks);
    const std::size_t units = (elements + unit - 1) / unit;
    buckets = std::max<std::size_t>(1, std::min(buckets, units / ranks));
    plan.buckets_ = buckets;
    for (std::size_t b = 0; b < buckets; ++b) {
      const std::size_t first = units * b / buckets, count = units * (b + 1) / buckets - first;
      for (std::size_t r = 0; r < ranks; ++r)
        plan.add(std::min(elements, (first + count * (r + 1) / ranks) * unit), r);
    }
    return plan;
  }
  /// For rules with a kernel for each span, or for whole matrices: whole spans, neighbours
  /// together, so that the largest sum of costs of a rank is as small as it can be.
  /// Errors: another number of costs than of sizes; costs that are negative or not finite.
  static ShardPlan whole_spans(std::span<const std::size_t> sizes, std::span<const double> costs,
                               std::size_t ranks) {
    if (costs.size() != sizes.size()) refuse("gradus::ShardPlan.costs must be as many as sizes");
    for (const double cost : costs)
      if (!(cost >= 0 && cost <= std::numeric_limits<double>::max()))
        refuse({"ShardPlan", "costs", "must be finite and >= 0", cost});
    std::size_t elements = 0;
    for (const std::size_t size : sizes) elements += size;
    ShardPlan plan(Kind::spans, elements, ranks);
    double low = 0, high = 0;  // no rank can have less than `low`, one rank has `high`
    for (const double cost : costs) low = std::max(low, cost), high += cost;
    // f(span, rank) for each span, where no rank takes more than `most`; whether that is enough.
    const auto fill = [&](double most, const auto& f) {
      std::size_t rank = 0;
      double sum = 0;
      for (std::size_t j = 0; j < costs.size(); ++j) {
        if (sum + costs[j] > most) ++rank, sum = 0;
        if (rank == ranks) return false;
        sum += costs[j];
        f(j, rank);
      }
      return true;
    };
    for (int i = 0; i < 60 && low < high; ++i) {
      const double middle = low + (high - low) / 2;
      if (middle <= low || middle >= high) break;
      (fill(middle, [](std::size_t, std::size_t) {}) ? high : low) = middle;
    }
    if (fill(low, [](std::size_t, std::size_t) {})) high = low;
    std::vector<std::size_t> ends(ranks);
    std::size_t end = 0;
    if (!fill(high, [&](std::size_t j, std::size_t rank) { ends[rank] = end += sizes[j]; }))
      refuse("gradus::ShardPlan.costs must have a finite sum");
    for (std::size_t r = 0; r < ranks; ++r)
      plan.add(r == 0 ? ends[0] : std::max(ends[r], plan.end()), r);
    return plan;
  }

  std::size_t elements() const noexcept { return elements_; }
  std::size_t ranks() const noexcept { return sizes_.size(); }
  /// All shards in the order of their elements; none is empty.
  std::span<const Shard> shards() const noexcept { return shards_; }
  /// How many elements a rank has.
  std::size_t size(std::size_t rank) const noexcept { return sizes_[rank]; }
  std::vector<Shard> of(std::size_t rank) const {
    std::vector<Shard> r;
    for (const Shard& s : shards_)
      if (s.owner == rank) r.push_back(s);
    return r;
  }

  /// The plan in one line, as files have it: `equal 1000003 4 1`, or `spans 30 2 10 30`, where the
  /// numbers are the elements, the ranks, and the buckets or the end of each rank.
  std::string text() const {
    std::string r = kind_ == Kind::equal ? "equal" : "spans";
    const auto add = [&](std::size_t x) { r.append(" ").append(std::to_string(x)); };
    add(elements_), add(ranks());
    if (kind_ == Kind::equal) return add(buckets_), r;
    std::size_t end = 0;
    for (std::size_t rank = 0; rank < ranks(); ++rank) add(end += sizes_[rank]);
    return r;
  }
  /// The plan of such a line. Errors: any other line.
  static ShardPlan parse(std::string_view line) {
    std::vector<std::size_t> numbers;
    const std::string_view kind = line.substr(0, 5);
    std::string_view rest = line.substr(kind.size());
    bool good = true;
    while (good && !rest.empty()) {
      good = rest[0] == ' ';
      rest.remove_prefix(1);
      std::size_t x = 0, digits = 0;
      for (; digits < rest.size() && digits < 19 && rest[digits] >= '0' && rest[digits] <= '9';
           ++digits)
        x = 10 * x + static_cast<std::size_t>(rest[digits] - '0');
      good = good && digits != 0;
      numbers.push_back(x);
      rest.remove_prefix(digits);
    }
    good = good && numbers.size() >= 3 && numbers[1] != 0 && numbers[1] <= most_ranks;
    if (good && kind == "equal" && numbers.size() == 3 && numbers[2] != 0) {
      ShardPlan plan = equal(numbers[0], numbers[1], numbers[2]);
      if (plan.text() == line) return plan;
    }
    if (good && kind == "spans" && numbers.size() == 2 + numbers[1] &&
        numbers.back() == numbers[0] && std::is_sorted(numbers.begin() + 2, numbers.end())) {
      ShardPlan plan(Kind::spans, numbers[0], numbers[1]);
      for (std::size_t r = 0; r < numbers[1]; ++r) plan.add(numbers[2 + r], r);
      if (plan.text() == line) return plan;
    }
    refuse(io::detail::concat({"gradus::ShardPlan must be a line that text() returns (got \"",
                               line.substr(0, 100), "\")"})
               .c_str());
  }
  /// Lines for people: how many elements each rank has, and how much more the largest share is than
  /// the mean.
  std::string table() const {
    std::string r = io::detail::concat(
        {std::to_string(elements_), " elements on ", std::to_string(ranks()), " ranks, ",
         kind_ == Kind::equal ? "in equal shares" : "in whole spans", "\n"});
    std::size_t most = 0;
    for (std::size_t rank = 0; rank < ranks(); ++rank) {
      most = std::max(most, sizes_[rank]);
      r.append(io::detail::concat(
          {"  rank ", std::to_string(rank), ": ", std::to_string(sizes_[rank]), "\n"}));
    }
    const std::size_t percent =
        elements_ == 0 ? 100 : (100 * most * ranks() + elements_ / 2) / elements_;
    return r.append(io::detail::concat(
        {"  the largest share is ", std::to_string(percent), " % of the mean\n"}));
  }
  bool operator==(const ShardPlan& o) const { return text() == o.text(); }

 private:
  enum class Kind { equal, spans };
  static constexpr std::size_t most_ranks = std::size_t{1} << 24;

  ShardPlan(Kind kind, std::size_t elements, std::size_t ranks)
      : kind_(kind), elements_(elements), sizes_(ranks) {}
  std::size_t end() const noexcept { return shards_.empty() ? 0 : shards_.back().end; }
  /// Gives the elements up to `to` to a rank.
  void add(std::size_t to, std::size_t rank) {
    const std::size_t begin = end();
    if (to <= begin) return;
    if (!shards_.empty() && shards_.back().owner == rank)
      shards_.back().end = to;  // the buckets of one rank
    else
      shards_.push_back({begin, to, rank, sizes_[rank]});
    sizes_[rank] += to - begin;
  }

  Kind kind_ = Kind::equal;
  std::size_t elements_ = 0, buckets_ = 1;
  std::vector<Shard> shards_{};
  std::vector<std::size_t> sizes_{0};  // of each rank
};

}}  // namespace gradus::GRADUS_ABI
