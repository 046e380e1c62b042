#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/ftrl.hpp>
#include <gradus/rule/nadam.hpp>
#include <gradus/rule/stage/ema.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>
#include <gradus/schedule/combine/for.hpp>
#include <gradus/schedule/combine/sequence.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/text/text.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/folder.hpp"
#include "support/forge.hpp"

namespace io = gradus::io;
using support::forged;

namespace {

// FTRL before it had the scalar of the last rate.
struct FTRLWithoutRate {
  static constexpr const char* name = "FTRL";
  constexpr std::array<gradus::Slot, 2> slots() const { return {{{"z"}, {"n"}}}; }
  template <class T>
  struct Kernel {
    template <class V>
    V operator()(V&, const V& g, std::array<V, 2>&) const {
      return g;
    }
  };
  template <gradus::Real T>
  constexpr Kernel<T> prepare(const gradus::Context&) const {
    return {};
  }
};

// An optimizer with state of several kinds, its file, and forged files.
class Hostile {
 public:
  Hostile() {
    opt_.step(p_, g_);
    io::save(path_, opt_, io::named("p", p_));
    file_ = support::bytes_of(path_);
    opt_.step(p_, g_);
    old_ = all();
  }
  const std::string& file() const { return file_; }
  const std::string& path() const { return path_; }

  /// The error of loading these bytes. After an error nothing may have changed.
  std::string words(const std::string& bytes) {
    support::put_bytes(path_, bytes);
    return words();
  }
  std::string words() {
    try {
      io::load(path_, opt_, io::named("p", p_));
    } catch (const gradus::Error& error) {
      if (all() != old_) FAIL("a refused file has changed something");
      return error.what();
    }
    old_ = all();
    return "";
  }
  /// The part of the error after the name of the file.
  std::string reason(const std::string& bytes) {
    const std::string w = words(bytes), head = "gradus::io: \"" + path_ + "\" ";
    return w.starts_with(head) ? w.substr(head.size()) : "'" + w + "'";
  }

 private:
  std::vector<float> all() const {
    std::vector<float> r = p_;
    for (std::size_t j = 0; j < opt_.slots(); ++j)
      r.insert(r.end(), opt_.slot(j).begin(), opt_.slot(j).end());
    r.push_back(static_cast<float>(opt_.scalars()[0]));
    r.push_back(static_cast<float>(opt_.steps()));
    return r;
  }
  support::Folder folder_;
  std::string path_ = folder_ / "x.safetensors";
  std::vector<float> p_{1, 2, 3}, g_{0.1F, 0.2F, 0.3F}, old_;
  gradus::Optimizer<gradus::Cosine<>, gradus::Chain<gradus::NAdam, gradus::Ema>> opt_{
      gradus::Cosine{.start = 0.1, .steps = 10}, gradus::Chain{gradus::NAdam{}, gradus::Ema{0.9}},
      p_};
  std::string file_;
};

}  // namespace

TEST_CASE("A file that is cut anywhere, or longer, is refused", "[io][load]") {
  Hostile h;
  for (std::size_t n = 0; n < h.file().size(); ++n) {
    CAPTURE(n);
    CHECK(h.words(h.file().substr(0, n)) != "");
  }
  for (const std::size_t n : {1U, 7U, 8U, 64U, 4096U})
    CHECK(h.reason(h.file() + std::string(n, '\0')).starts_with("must have 64 bytes of data"));
  CHECK(h.words(h.file()) == "");
}

TEST_CASE("A file with any bit changed is refused", "[io][load]") {
  Hostile h;
  std::string bytes = h.file();
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    const char before = bytes[bit / 8];
    bytes[bit / 8] = static_cast<char>(before ^ (1 << bit % 8));
    refused += h.words(bytes).find("is damaged") != std::string::npos ? 1U : 0U;
    bytes[bit / 8] = before;
  }
  CHECK(refused == 8 * bytes.size());
  CHECK(h.words(bytes) == "");
}

TEST_CASE("Every length at its extremes is refused", "[io][load]") {
  Hostile h;
  const std::size_t n = support::header_size(h.file()), all = h.file().size();
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{1}, n - 1, n + 1, all - 9, all - 8, all - 7, all, all + 1,
        std::size_t{1} << 31, std::size_t{1} << 32, std::size_t{1} << 63, ~std::size_t{0} - 8,
        ~std::size_t{0} - 7, ~std::size_t{0}})
    CHECK(h.words(support::with_length(h.file(), length)) != "");
  const std::string shape = R"("NAdam.exp_avg":{"dtype":"F32","shape":[3])";
  const std::string offsets = R"([16,28]},"NAdam.exp_avg_sq")";
  const auto with_shape = [&](const std::string& number) {
    return h.reason(
        forged(h.file(), shape, R"("NAdam.exp_avg":{"dtype":"F32","shape":[)" + number + "]"));
  };
  for (const std::string number : {"0", "1", "2", "4", "3,1", "2147483648", "4294967296",
                                   "4294967299", "9223372036854775808", "18446744073709551615"})
    CHECK(with_shape(number) == R"(must have "NAdam.exp_avg" as F32 [3] (got F32 [)" +
                                    std::regex_replace(number, std::regex(","), ", ") + "])");
  for (const std::string number :
       {"03", "3.0", "3e0", "-3", " 3", "+3", "0x3", "3,", ",3", "18446744073709551616",
        "18446744073709551619", "99999999999999999999999999999999"})
    CHECK(with_shape(number) == "has a malformed header");
  CHECK(with_shape("") == R"(must have "NAdam.exp_avg" as F32 [3] (got F32))");
  for (const std::string number :
       {"0", "1", "2", "4", "03", "3.0", "3e0", "-3", "", " 3", "3,1", "2147483648", "4294967296",
        "4294967299", "9223372036854775808", "18446744073709551615", "18446744073709551616",
        "18446744073709551619", "99999999999999999999999999999999"})
    for (const std::string& both : {number + ",28", "16," + number, number + "," + number}) {
      CAPTURE(both);
      CHECK(h.reason(forged(h.file(), offsets, "[" + both + R"(]},"NAdam.exp_avg_sq")")) ==
            "has a malformed header");
    }
}

TEST_CASE("A header with right checksums and anything wrong in it is refused", "[io][load]") {
  Hostile h;
  const std::string& file = h.file();
  const auto says = [&](std::string_view part, std::string_view by) {
    const std::string other = forged(file, part, by);
    REQUIRE(other != file);
    return h.reason(other);
  };
  CHECK(h.words(forged(file, "\"3\"", "\"3\"")) == "");  // forging does not damage the file
  CHECK(says(R"("gradus":"2")", R"("gradus":"3")") == "must be of format 1 or 2 (got 3)");
  CHECK(says(R"("gradus":"2")", R"("gradus":"1")") == "has a malformed header");
  CHECK(says(R"("optimizers":"1")", R"("optimizers":"0")") == "must have optimizers 1 (got 0)");
  CHECK(says("Chain{NAdam, Ema}", "Adam") == "must have rule Chain{NAdam, Ema} (got Adam)");
  CHECK(says(R"("schedule":"Cosine")", R"("schedule":"Linear")") ==
        "must have schedule Cosine (got Linear)");
  CHECK(says(R"("sizes":"3")", R"("sizes":"3, 0")") == "must have sizes 3 (got 3, 0)");
  // Properties for people may be any text, but must be a text.
  CHECK(says(R"("spans":"")", R"("spans":"a, b")") == "''");  // names are not compared with none
  CHECK(says("NAdam.exp_avg F32, NAdam.exp_avg_sq", "NAdam.exp_avg BF16, NAdam.exp_avg_sq") ==
        "must have slots NAdam.exp_avg F32, NAdam.exp_avg_sq F32, Ema.average F32 (got "
        "NAdam.exp_avg BF16, NAdam.exp_avg_sq F32, Ema.average F32)");
  CHECK(says("Cosine{start=0.1, steps=10}", "") == "''");
  CHECK(says("Cosine{start=0.1, steps=10}", std::string(100'000, 'x')) == "''");
  for (const std::string text : {"\\", "\\u0041", "\x01", "\xc3\xa4", "\x7f", "\n", "\""})
    CHECK(says("Cosine{start=0.1, steps=10}", text) == "has a malformed header");
  // Keys and tensors that are missing, repeated, in another order, of another type, or added.
  const std::string key = R"(,"sizes":"3")", step = R"("step":{"dtype":"I64",)";
  CHECK(says(key, "") == "has a malformed header");
  CHECK(says(key, key + key) == "has a malformed header");
  CHECK(says(key, key + R"(,"a":"b")") == "has a malformed header");
  CHECK(says(R"("gradus":"2","optimizers":"1")", R"("optimizers":"1","gradus":"2")") ==
        "has a malformed header");
  CHECK(says(step, R"("step":{"dtype":"U64",)") == "must have \"step\" as I64 (got U64)");
  CHECK(says(step, R"("stop":{"dtype":"I64",)") == "must have \"step\" (got \"stop\")");
  CHECK(says(step, "\"\x1b[2J\x80\":{\"dtype\":\"I64\",") == "has a malformed header");
  CHECK(says(R"("p":{"dtype":"F32","shape":[3],"data_offsets":[52,64]}})",
             R"("p":{"dtype":"F32","shape":[3],"data_offsets":[52,64]},"q":{"dtype":"F32",)"
             R"("shape":[0],"data_offsets":[64,64]}})") ==
        R"(must be loaded with all that was saved in it (got no "q"))");
  CHECK(says(R"(,"p":{"dtype":"F32","shape":[3],"data_offsets":[52,64]}})", "}") ==
        "must have \"p\" (got no such tensor)");
  CHECK(says("[52,64]}}", "[52,64]}") == "has a malformed header");
  CHECK(says("[52,64]}}", "[52,64]}}}") == "has a malformed header");
  CHECK(says("[52,64]}}", "[52,64]}}\n") == "has a malformed header");
  CHECK(says("[52,64]}}", "[52,64]}}        ") == "''");  // the format allows spaces there
}

TEST_CASE("A header with right checksums and any byte replaced is refused", "[io][load]") {
  Hostile h;
  const std::string header = support::header_of(h.file());
  const std::size_t begin = header.find("Cosine{start");
  const std::size_t end = header.find('"', begin);
  // Settings are for people, too: they are shown, not compared.
  const std::size_t remark = header.find(R"("rule_settings":")") + 17;
  const std::size_t remark_end = header.find('"', remark);
  const std::size_t sums = header.find(R"("gradus")");
  std::size_t accepted = 0;
  for (std::size_t i = sums; i < header.size(); ++i) {
    if ((i >= begin && i < end) || (i >= remark && i < remark_end)) continue;
    for (const char c : {'\0', ' ', '"', '0', '9', ':', '{', '}', '\x80', '\xff'}) {
      if (header[i] == c) continue;
      std::string other = header;
      other[i] = c;
      accepted += h.words(forged(h.file(), other)).empty() ? 1U : 0U;
    }
    std::string without = header;
    accepted +=
        h.words(forged(h.file(), without.erase(i, 1))).empty() && header[i] != ' ' ? 1U : 0U;
    accepted +=
        h.words(forged(h.file(), header.substr(0, i))).empty() && header[i] != ' ' ? 1U : 0U;
  }
  CHECK(accepted == 0);
}

TEST_CASE("A step that cannot be is refused, though the checksums are right", "[io][load]") {
  Hostile h;
  std::string bytes = h.file();
  bytes[8 + support::header_size(bytes) + 7] = '\x80';
  CHECK(h.reason(forged(bytes, support::header_of(bytes))) == "must have a step below 2^63");
}

TEST_CASE("A file far larger than it should be is refused before it is read", "[io][load]") {
  Hostile h;
  // Without data: no disk needed. What MinGW resizes has at most the size of a long.
  const std::uintmax_t huge = std::uintmax_t{1} << (sizeof(long) == 4 ? 30 : 40);
  support::put_bytes(h.path(), h.file());
  std::filesystem::resize_file(h.path(), huge);
  CHECK(h.words().find("must have 64 bytes of data") != std::string::npos);
  support::put_bytes(h.path(), support::with_length(h.file(), 99'999'999));
  std::filesystem::resize_file(h.path(), huge);
  CHECK(h.words().find("is damaged") != std::string::npos);
}

TEST_CASE("What is named is loaded in the order in which it was saved", "[io][load]") {
  const support::Folder folder;
  const std::string path = folder / "x";
  std::vector<float> a{1}, b{2};
  io::save(path, io::named("a", a), io::named("b", b));
  CHECK_THROWS_WITH(io::load(path, io::named("b", b), io::named("a", a)),
                    Catch::EndsWith("must be loaded in the order in which it was saved, next "
                                    "\"b\" (got \"a\")"));
  CHECK((a[0] == 1 && b[0] == 2));
}

TEST_CASE("A file of FTRL without its last rate is refused", "[io]") {
  const support::Folder folder;
  const std::string path = folder / "ftrl";
  std::vector<float> p(3);
  const gradus::Optimizer old{gradus::Cosine{.start = 1, .steps = 9}, FTRLWithoutRate{}, p};
  io::save(path, old);
  gradus::Optimizer opt{gradus::Cosine{.start = 1, .steps = 9}, gradus::FTRL{}, p};
  std::string words;
  try {
    io::load(path, opt);
  } catch (const gradus::Error& error) {
    words = error.what();
  }
  INFO(words);
  CHECK(words.find("must ") != std::string::npos);
  CHECK(words.find("rate") != std::string::npos);
  CHECK((opt.steps() == 0 && opt.scalars()[0] == 0));
}

TEST_CASE("A schedule of several pieces is of one kind as a text and as a type", "[io][load]") {
  using io::detail::with_flat_sequences;
  CHECK(with_flat_sequences("") == "");
  CHECK(with_flat_sequences("Cosine") == "Cosine");
  CHECK(with_flat_sequences("Sequence{For{A}, Sequence{For{Sequence{B, C}}, D}}") ==
        "Sequence{For{A}, For{Sequence{B, C}}, D}");
  CHECK(with_flat_sequences("Warmup{Sequence{Sequence{A, Sequence{B, C}}, D}}") ==
        "Warmup{Sequence{A, B, C, D}}");
  const support::Folder folder;
  std::vector<float> p(3, 1.0F), g = p;
  const gradus::Constant one{1e-3}, two{2e-3};
  gradus::Optimizer text{
      io::parse("constant(1e-3) for 5 then constant(2e-3) for 6 then cosine(1e-3, 0, 7)"),
      gradus::Adam{}, p};
  gradus::Optimizer type{gradus::Sequence{gradus::For{5, one}, gradus::For{6, two},
                                          gradus::Cosine{.start = 1e-3, .steps = 7}},
                         gradus::Adam{}, p};
  gradus::Optimizer other{
      gradus::Sequence{gradus::For{5, one}, gradus::Cosine{.start = 1e-3, .steps = 7}},
      gradus::Adam{}, p};
  text.step(p, g);
  io::save(folder / "x", text);
  io::load(folder / "x", type);
  CHECK(type.steps() == 1);
  type.step(p, g);
  io::save(folder / "x", type);
  io::load(folder / "x", text);
  CHECK(text.steps() == 2);
  CHECK_THROWS_WITH(io::load(folder / "x", other), Catch::Contains("have schedule"));
}
