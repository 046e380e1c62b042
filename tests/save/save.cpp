#include <gradus/gradus.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>

#include <cstdint>
#include <ctime>
#include <exception>
#include <filesystem>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"
#include "support/folder.hpp"

#if __has_include(<sys/mman.h>)  // POSIX
#include <sys/stat.h>
#endif

namespace io = gradus::io;
using namespace gradus;

namespace {

template <class O>
std::uint64_t digest(const O& opt) {
  support::Digest d;
  using P = typename O::value_type;
  using Types = slot_types_t<std::remove_cvref_t<decltype(opt.rule())>, arithmetic_t<P>>;
  [&]<std::size_t... J>(std::index_sequence<J...>) {
    const auto add = [&](const auto& s) {
      const auto bytes = std::as_bytes(std::span(s));
      for (const std::byte b : bytes)
        d.add(std::vector<float>{static_cast<float>(std::to_integer<int>(b))});
    };
    (add(opt.template slot<std::tuple_element_t<J, Types>>(J)), ...);
    add(opt.scalars());
    add(opt.span_scalars());
  }(std::make_index_sequence<std::tuple_size_v<Types>>{});
  d.add(std::vector<double>{static_cast<double>(opt.steps())});
  return d.value();
}

// After loading, the state is the same as before saving, and both trainings continue with the same
// bits.
template <class P, class R>
void comes_back(const R& rule) {
  const support::Folder folder;
  const std::string path = folder / "state.safetensors";
  const Cosine schedule{.start = 0.1, .steps = 100};
  const auto random = [](std::uint64_t seed) {
    std::vector<P> r;
    for (const float x : support::numbers<float>(200, seed)) r.push_back(static_cast<P>(x));
    return r;
  };
  std::vector<P> p = random(1), q = p;
  const auto cut = [](std::vector<P>& all) {
    const std::span s(all);
    return std::vector{s.subspan(0, 130), s.subspan(130, 0), s.subspan(130)};
  };
  auto ps = cut(p), qs = cut(q);
  const auto step = [&](auto& opt, auto& params, std::uint64_t seed) {
    auto g = random(seed);
    opt.step(params, cut(g));
  };
  Optimizer a{schedule, rule, ps}, b{schedule, rule, qs};
  for (std::uint64_t t = 0; t < 7; ++t) step(a, ps, t);
  io::save(path, a, io::named("params", ps));
  io::load(path, b, io::named("params", qs));
  const auto bits = [](const std::vector<P>& v) { return std::as_bytes(std::span(v)); };
  CHECK(std::ranges::equal(bits(p), bits(q)));
  CHECK(digest(a) == digest(b));
  for (std::uint64_t t = 7; t < 12; ++t) step(a, ps, t), step(b, qs, t);
  CHECK(std::ranges::equal(bits(p), bits(q)));
  CHECK(digest(a) == digest(b));
  CHECK(folder.count() == 1);
}

// Scalars of each span.
struct Counts {
  static constexpr const char* name = "Counts";
  constexpr std::array<Scalar, 2> span_scalars() const { return {{{"count", 1.0}, {"sum", 0.25}}}; }
  template <class T>
  struct Kernel {
    T size;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V&, std::array<V, 0>&) const {
      return V(size);
    }
    template <class M>
    constexpr Kernel for_span(std::span<double> scalars, const M&) const {
      scalars[1] += scalars[0];
      return {static_cast<T>(scalars[0]++)};
    }
  };
  template <class T>
  constexpr Kernel<T> prepare(const Context&) const {
    return {T{0}};
  }
};

std::string words_of(const auto& call) {
  try {
    call();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("save and load give back all that an optimizer keeps", "[io][save]") {
  comes_back<float>(SGD{});
  comes_back<float>(Momentum{.momentum = 0.9});
  comes_back<float>(Adam{});
  comes_back<double>(NAdam{});
  comes_back<float>(Chain{ClipNorm{0.5}, NAdam{}, WeightDecay{}, Ema{0.9}});
  comes_back<double>(LAMB{});
  comes_back<float>(Counts{});
  comes_back<bfloat16>(Master{AdamW{}});
  comes_back<bfloat16>(Compensated{stored<bfloat16>(Adam{})});
  comes_back<float16>(Adam{});
  comes_back<float>(stored<float16, float>(Adam{}));
  comes_back<float>(Stochastic{stored<Signed8, Positive8>(AdamW{}), 7});
}

TEST_CASE("save writes what the format says", "[io][save]") {
  const support::Folder folder;
  std::vector<float> p{1, 2, 3}, g{0.1F, 0.2F, 0.3F};
  Optimizer opt{Constant{0.1}, Adam{}, p};
  opt.step(p, g);
  std::int32_t epoch = 7;
  io::save(folder / "x", opt, io::named("params", p), io::named("epoch", epoch));
  const std::string bytes = support::bytes_of(folder / "x");
  REQUIRE(bytes.size() > 8);
  const auto length =
      static_cast<unsigned char>(bytes[0]) + 256U * static_cast<unsigned char>(bytes[1]);
  CHECK((8 + length) % 64 == 0);
  CHECK(bytes.size() == 8 + length + 8 + 4 * 3 * 3 + 4);
  const std::string header = bytes.substr(8, length);
  CHECK(header.find(R"("gradus":"2","optimizers":"1","rule":"Adam",)"
                    R"("rule_settings":"Adam{beta1=0.9, beta2=0.999, eps=1e-08, )"
                    R"(eps_place=outside, bias_correction=true}","schedule":"Constant",)"
                    R"("schedule_settings":"Constant{value=0.1}","parameters":"F32","sizes":"3",)"
                    R"("spans":"","slots":"exp_avg F32, exp_avg_sq F32"},)"
                    R"("step":{"dtype":"I64","shape":[],"data_offsets":[0,8]},)"
                    R"("exp_avg":{"dtype":"F32","shape":[3],"data_offsets":[8,20]},)"
                    R"("exp_avg_sq":{"dtype":"F32","shape":[3],"data_offsets":[20,32]},)"
                    R"("params":{"dtype":"F32","shape":[3],"data_offsets":[32,44]},)"
                    R"("epoch":{"dtype":"I32","shape":[],"data_offsets":[44,48]}})") !=
        std::string::npos);
}

TEST_CASE("Several optimizers share a file", "[io][save]") {
  const support::Folder folder;
  std::vector<float> p{1, 2, 3}, g{0.1F, 0.2F, 0.3F};
  std::vector<double> q{1, 2}, h{0.1, 0.2};
  Optimizer a{Constant{0.1}, Adam{}, p}, a2 = a;
  Optimizer b{Constant{0.1}, Momentum{}, q}, b2 = b;
  a.step(p, g), b.step(q, h), b.step(q, h);
  io::save(folder / "x", a, b);
  io::load(folder / "x", a2, b2);
  CHECK(digest(a2) == digest(a));
  CHECK(digest(b2) == digest(b));
  CHECK_THROWS_WITH(io::load(folder / "x", a), Catch::Contains("must have optimizers 1 (got 2)"));
  CHECK_THROWS_WITH(io::load(folder / "x", b2, a2),
                    Catch::Contains("must have 0.rule Momentum (got Adam)"));
}

TEST_CASE("A file of anything else is refused, with both named", "[io][load]") {
  const support::Folder folder;
  const std::string path = folder / "x";
  std::vector<float> p{1, 2, 3}, other{1, 2, 3, 4};
  const Constant rate{0.1};
  io::save(path, Optimizer{rate, Adam{}, p}, io::named("p", p));
  const auto refused = [&](auto opt, const std::string& part, const auto&... named) {
    const std::uint64_t before = digest(opt);
    const std::vector<float> old = p;
    const std::string words = words_of([&] { io::load(path, opt, named...); });
    CHECK(words == "gradus::io: \"" + path + "\" must " + part);
    CHECK(digest(opt) == before);
    CHECK(p == old);
  };
  const auto p_too = io::named("p", p);
  refused(Optimizer{rate, AdamW{}, p}, "have rule AdamW (got Adam)", p_too);
  refused(Optimizer{Linear{.start = 1, .steps = 3}, Adam{}, p},
          "have schedule Linear (got Constant)", p_too);
  refused(Optimizer<Constant<>, Adam, double>{rate, Adam{}, 3}, "have parameters F64 (got F32)",
          p_too);
  refused(Optimizer{rate, Adam{}, other}, "have sizes 4 (got 3)", p_too);
  refused(Optimizer{rate, Adam{}, std::vector{std::span(p).first(1), std::span(p).subspan(1)}},
          "have sizes 1, 2 (got 3)", p_too);
  refused(Optimizer{rate, stored<bfloat16>(Adam{}), p},
          "have slots exp_avg BF16, exp_avg_sq BF16 (got exp_avg F32, exp_avg_sq F32)", p_too);
  std::vector<double> wide(3);
  std::vector<float> four(4);
  refused(Optimizer{rate, Adam{}, p}, R"(be loaded with all that was saved in it (got no "p"))");
  refused(Optimizer{rate, Adam{}, p}, R"(have "q" (got "p"))", io::named("q", p));
  refused(Optimizer{rate, Adam{}, p}, R"(have "q" (got no such tensor))", p_too, io::named("q", p));
  refused(Optimizer{rate, Adam{}, p}, R"(have "p" as F64 [3] (got F32 [3]))", io::named("p", wide));
  refused(Optimizer{rate, Adam{}, p}, R"(have "p" as F32 [4] (got F32 [3]))", io::named("p", four));
  refused(Optimizer{rate, Adam{}, p}, R"(have "p" as F32 (got F32 [3]))", io::named("p", p[0]));
  // Numbers in rules and schedules may change.
  Optimizer changed{Constant{0.2}, Adam{.beta1 = 0.5}, p};
  io::load(path, changed, p_too);
}

TEST_CASE("What blocks of 8 bits are is compared, though they are bytes to the format",
          "[io][load]") {
  const support::Folder folder;
  std::vector<float> p(200);
  const auto optimizer = [&](auto rule) { return Optimizer{Constant{0.1}, rule, p}; };
  io::save(folder / "x", optimizer(stored<Signed8, Positive8>(Adam{})));
  auto other = optimizer(stored<Signed8, Signed8>(Adam{}));
  CHECK_THROWS_WITH(
      io::load(folder / "x", other),
      Catch::EndsWith("must have slots exp_avg Signed8, exp_avg_sq Signed8 (got exp_avg "
                      "Signed8, exp_avg_sq Positive8)"));
}

TEST_CASE("Spans with names cannot be swapped without a word", "[io][save]") {
  const support::Folder folder;
  const std::string path = folder / "x";
  std::vector<float> w(3, 1.0F), b(3, 2.0F), c(4);
  const Constant rate{0.1};
  Optimizer opt{rate, Adam{}, spans(w, b)}, swapped{rate, Adam{}, spans(b, w)};
  const auto weights = spans(w, b);
  io::save(path, io::named({"w", "b"}, std::as_const(opt)), io::named({"w", "b"}, weights));
  w = {7, 7, 7};
  io::load(path, io::named({"w", "b"}, opt), io::named({"w", "b"}, weights));
  CHECK(w == std::vector<float>{1, 1, 1});
  CHECK_THROWS_WITH(io::load(path, io::named({"b", "w"}, swapped), io::named({"b", "w"}, weights)),
                    "gradus::io: \"" + path + "\" must have spans b, w (got w, b)");
  // If one of the two has no names, only sizes are compared.
  io::load(path, swapped, io::named({"w", "b"}, weights));
  io::save(path, opt);
  io::load(path, io::named({"w", "b"}, opt));
  // Names for groups, one group after another, in any range of texts.
  const std::vector<std::string> names{"w", "b", "c"};
  Groups groups{Optimizer{rate, Adam{}, spans(w, b)}, Optimizer{rate, SGD{}, c}};
  io::save(path, io::named(names, groups));
  io::load(path, io::named(names, groups));
  CHECK_THROWS_WITH(io::load(path, io::named({"w", "c", "b"}, groups)),
                    Catch::EndsWith("must have 0.spans w, c (got w, b)"));
  GroupList<Optimizer<Constant<>, Adam>> list;
  list.add(Optimizer{rate, Adam{}, w});
  list.add(Optimizer{rate, Adam{}, b});
  io::save(path, io::named({"w", "b"}, list));
  CHECK_THROWS_WITH(io::load(path, io::named({"b", "w"}, list)),
                    Catch::EndsWith("must have 0.spans b (got w)"));
}

TEST_CASE("named refuses names of spans that are too few, alike or with commas", "[io][save]") {
  std::vector<float> w(3), b(3);
  const Optimizer opt{Constant{0.1}, Adam{}, spans(w, b)};
  const auto lists = spans(w, b);
  const std::vector<std::string> none;
  CHECK_THROWS_WITH(io::named({"w"}, opt),
                    "gradus::io::named.names must be one for each span, 2 (got 1)");
  CHECK_THROWS_WITH(io::named(none, opt),
                    "gradus::io::named.names must be one for each span, 2 (got 0)");
  CHECK_THROWS_WITH(io::named({"w", "b", "c"}, lists),
                    "gradus::io::named.names must be one for each span, 2 (got 3)");
  CHECK_THROWS_WITH(io::named({"w", "w"}, opt),
                    "gradus::io::named.names must be different (got \"w\" twice)");
  CHECK_THROWS_WITH(io::named({"w", "b, c"}, opt),
                    "gradus::io::named.names must be without commas (got \"b, c\")");
  CHECK_THROWS_AS(io::named({"w", ""}, opt), gradus::Error);
}

TEST_CASE("named refuses names that no file could hold", "[io][save]") {
  const support::Folder folder;
  std::vector<float> p{1, 2, 3};
  const Optimizer opt{Constant{0.1}, Adam{}, p};
  for (const char* name : {"", "a\"b", "a\\b", "a\nb", "\xc3\xa4", "__metadata__"})
    CHECK_THROWS_AS(io::named(name, p), gradus::Error);
  for (const char* name : {"exp_avg", "step"})
    CHECK_THROWS_WITH(
        io::save(folder / "x", opt, io::named(name, p)),
        "gradus::io::named.name must be in a file once (got \"" + std::string(name) + "\")");
  CHECK(folder.count() == 0);
}

TEST_CASE("A header longer than the format allows is refused", "[io][save]") {
  io::detail::Contents contents;
  contents.say("", {{"long", std::string(io::detail::longest_header, 'x')}});
  CHECK_THROWS_WITH(io::detail::length_and_header(contents, io::Crc64()),
                    Catch::Contains("must fit into 100000000 bytes"));
}

TEST_CASE("What is named may be a number, a span or a list of spans", "[io][save]") {
  const support::Folder folder;
  std::vector<std::vector<double>> lists{{1, 2}, {}, {3}}, back{{0, 0}, {}, {0}};
  std::uint64_t seen = 123, seen_back = 0;
  std::array<std::int16_t, 2> array{-1, 2}, array_back{};
  bfloat16 half(1.5F), half_back{};
  const double constant = 4;
  double constant_back = 0;
  io::save(folder / "x", io::named("lists", lists), io::named("seen", seen),
           io::named("array", std::span(array)), io::named("half", half), io::named("c", constant));
  io::load(folder / "x", io::named("lists", back), io::named("seen", seen_back),
           io::named("array", array_back), io::named("half", half_back),
           io::named("c", constant_back));
  CHECK(back == lists);
  CHECK(seen_back == seen);
  CHECK(array_back == array);
  CHECK(half_back == half);
  CHECK(constant_back == constant);
}

TEST_CASE("Saving and loading take time in proportion to the number of tensors", "[io][save]") {
  const support::Folder folder;
  std::vector<std::uint8_t> bytes(48'000, 1);
  const auto seconds = [&](std::size_t n) {
    std::vector<std::span<std::uint8_t>> list;
    for (std::size_t i = 0; i < n; ++i) list.push_back(std::span(bytes).subspan(i, 1));
    const std::clock_t begin = std::clock();
    io::save(folder / "x", io::named("list", list));
    io::load(folder / "x", io::named("list", list));
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  };
  seconds(6'000);  // the first one takes longer
  const double few = seconds(6'000), many = seconds(48'000);
  CHECK(many < 20 * few + 0.5);  // 8 times as many; were it quadratic, 64 times as long
}

TEST_CASE("A feedback goes on from its saved state", "[io][save]") {
  const support::Folder folder;
  const auto goes_on = [&](const auto& anew, auto value_of) {
    auto saved = anew, loaded = anew;
    for (int i = 0; i < 70; ++i) saved(1 + i * 7 % 5);
    const auto& constant = saved;
    io::save(folder / "x", io::named("feedback", constant));
    io::load(folder / "x", io::named("feedback", loaded));
    bool same = true;
    for (int i = 0; i < 70; ++i) {
      const double metric = 2 + i * 3 % 7;
      same = same && saved(metric) == loaded(metric) && value_of(saved) == value_of(loaded);
    }
    CHECK(same);
    CHECK(value_of(saved) != value_of(anew));
  };
  const auto value = [](const auto& f) { return f.value(); };
  goes_on(Plateau{.factor = 0.5, .patience = 3}, value);
  goes_on(GreedyRate{.patience = 3}, value);
  goes_on(SlopePlateau<20>{.factor = 0.5}, value);
  goes_on(SpikeGuard<16>{.limit = 1}, [](const auto& f) { return f.z(); });
  SlopePlateau<20> shorter;
  SlopePlateau<30> longer;
  io::save(folder / "x", io::named("feedback", shorter));
  CHECK_THROWS_AS(io::load(folder / "x", io::named("feedback", longer)), gradus::Error);
  static_assert(io::detail::Feedback<SlopePlateau<>> && !io::detail::Feedback<LossScale>);
}

#if __has_include(<sys/mman.h>)  // POSIX
TEST_CASE("save replaces nothing but a regular file", "[io][save]") {
  const support::Folder folder;
  std::vector<float> p{1, 2, 3};
  const Optimizer opt{Constant{0.1}, Adam{}, p};
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  CHECK_THROWS_WITH(io::save(folder / "fifo", opt),
                    Catch::EndsWith("must be a regular file, or a link to one (got a FIFO)"));
  CHECK(std::filesystem::is_fifo(folder / "fifo"));
  CHECK(folder.count() == 1);
}
#endif

TEST_CASE("What the system cannot do is said with its code", "[io][save]") {
  const support::Folder folder;
  std::vector<float> p{1, 2, 3};
  Optimizer opt{Constant{0.1}, Adam{}, p};
  const auto code = [](const auto& call) {
    try {
      call();
    } catch (const std::system_error& error) {
      return error.code();
    }
    return std::error_code();
  };
  CHECK(code([&] { io::load(folder / "none", opt); }) == std::errc::no_such_file_or_directory);
  CHECK(code([&] { io::save(folder / "none/x", opt); }) == std::errc::no_such_file_or_directory);
  CHECK_THROWS_WITH(io::load(folder / "", opt),
                    Catch::Contains("must be a regular file (got a folder)"));
}
