// optional header
// Saves random generators of the standard library.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <locale>
#include <random>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/save/named.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {

/// A generator, as the numbers that its operator<< writes.
template <class G>
class GeneratorPart {
  using Engine = std::remove_const_t<G>;

 public:
  static constexpr bool writable = !std::is_const_v<G>;

  GeneratorPart(std::string name, G& generator)
      : name_(std::move(name)), generator_(generator), next_(generator) {}
  std::size_t optimizers() const noexcept { return 0; }
  void add_to(Contents& contents) {
    std::stringstream text = words();
    text << generator_;
    numbers_.clear();
    for (std::uint64_t x = 0; text >> x;) numbers_.push_back(x);
    contents.add(copied(tensor(name_, numbers(numbers_))));
  }
  void check(const std::string& path) {
    std::stringstream text = words();
    bool good = true;
    for (const std::uint64_t x : numbers_) text << x << ' ', good = good && x <= Engine::max();
    if (!(good && text >> next_ && goes_on(next_)))
      refuse_file(path, concat({"must have the state of a generator in \"", name_, "\""}));
  }
  void commit() { generator_ = next_; }

 private:
  /// A state of zeros yields the same number for ever, and distributions would wait for another
  /// one.
  static bool goes_on(Engine next) {
    const auto first = next();
    for (int i = 0; i < 2000; ++i)
      if (next() != first) return true;
    return false;
  }
  static std::stringstream words() {
    std::stringstream r;
    r.imbue(std::locale::classic());
    return r;
  }
  std::string name_;
  G& generator_;
  Engine next_;
  std::vector<std::uint64_t> numbers_{};
};
template <class G>
auto part_of(const GeneratorPart<G>& part) {
  return part;
}

/// Generators whose operator>> is safe with any numbers. `std::ranlux24` and similar ones are not,
/// because one of their numbers is an index.
template <class G>
inline constexpr bool is_generator = false;
template <class U, U A, U C, U M>
inline constexpr bool is_generator<std::linear_congruential_engine<U, A, C, M>> = true;
template <class U, std::size_t W, std::size_t N, std::size_t M, std::size_t R, U A, std::size_t J,
          U D, std::size_t S, U B, std::size_t T, U C, std::size_t L, U F>
inline constexpr bool
    is_generator<std::mersenne_twister_engine<U, W, N, M, R, A, J, D, S, B, T, C, L, F>> = true;

}  // namespace detail

/// `named("generator", generator)`: `std::mt19937`, `std::mt19937_64`, `std::minstd_rand` and the
/// like, saved as the numbers that they write. The number of these differs between standard
/// libraries: another one than that which wrote a file loads it correctly or refuses it.
///
/// The state of distributions is not saved; `std::normal_distribution` makes two numbers at a time.
/// Construct distributions anew, or `reset()` them, at the steps at which you save.
template <class G>
  requires detail::is_generator<std::remove_const_t<G>>
auto named(std::string_view name, G& generator) {
  return detail::GeneratorPart<G>(detail::checked_name(name), generator);
}

}}}  // namespace gradus::GRADUS_ABI::io
