/* Tests the interface for C from a program in C11: the same bits as in C++, and every refusal. */
#include <gradus/adapt/c/gradus.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { weights = 37, biases = 5 };

/* In gradus.cpp: the same training in C++. */
void train_in_cpp(int steps, double clip_norm, float* w, float* b, float* exp_avg);
void continue_in_cpp(const char* path, int steps, float* w, float* b);
void train_double_in_cpp(int steps, double* w);

/* The gradients, for C and C++. */
void compute(const float* w, const float* b, float* gw, float* gb);
void compute(const float* w, const float* b, float* gw, float* gb) {
  for (int i = 0; i < weights; ++i) gw[i] = w[i] - 0.125f * (float)i;
  for (int i = 0; i < biases; ++i) gb[i] = b[i] + 0.5f;
}

static int failures = 0;
static void check(int holds, const char* what, int line) {
  if (holds) return;
  printf("line %d: %s\n", line, what);
  ++failures;
}
#define CHECK(x) check(x, #x, __LINE__)

static void says(gradus_optimizer* o, const char* sentence, int line) {
  const char* message = gradus_message(o);
  const size_t first = strcspn(message, "\n");
  if (strlen(sentence) == first && strncmp(message, sentence, first) == 0) return;
  printf("line %d: must be \"%s\",\n  got \"%s\"\n", line, sentence, message);
  ++failures;
}
#define SAYS(o, sentence) says(o, sentence, __LINE__)

static const char schedule[] = "warmup(5) then cosine(1e-2, 1e-4, 40)";
static const char rule[] = "adamw(weight_decay=0.02)";
static const char* const names[] = {"layer.weight", "layer.bias"};
static const size_t sizes[] = {weights, biases};

typedef struct training {
  float w[weights], b[biases];
} training;

static gradus_optimizer* start(training* t) {
  float* params[] = {t->w, t->b};
  memset(t, 0, sizeof *t);
  return gradus_create(schedule, rule, 2, params, sizes, names);
}
static void train(gradus_optimizer* o, training* t, int steps, const gradus_options* options) {
  float gw[weights], gb[biases];
  float* params[] = {t->w, t->b};
  const float* grads[] = {gw, gb};
  for (int i = 0; i < steps; ++i) {
    gradus_result result;
    compute(t->w, t->b, gw, gb);
    CHECK(gradus_step(o, 2, params, grads, options, &result) == GRADUS_OK);
    CHECK(result.step + 1 == gradus_steps(o));
  }
}
static int same(const training* a, const training* b) { return memcmp(a, b, sizeof *a) == 0; }

static void test_bits(void) {
  training t, expected = {{0}, {0}};
  float exp_avg[weights + biases];
  gradus_optimizer* o = start(&t);
  train(o, &t, 20, NULL);
  train_in_cpp(20, 0, expected.w, expected.b, exp_avg);
  CHECK(same(&t, &expected));
  CHECK(gradus_rate(o) > 0);

  size_t n = 0;
  const float* all = gradus_state(o, "exp_avg", &n);
  CHECK(n == weights + biases && memcmp(all, exp_avg, sizeof exp_avg) == 0);
  CHECK(gradus_state(o, "m", NULL) == all);
  CHECK(gradus_state(o, "layer.weight.exp_avg", &n) == all && n == weights);
  const float* bias = gradus_state(o, "layer.bias.exp_avg", &n);
  CHECK(bias == all + weights && n == biases);
  CHECK(gradus_slots(o) == 2);
  CHECK(strcmp(gradus_slot_name(o, 1), "exp_avg_sq") == 0);
  CHECK(gradus_free(o) == GRADUS_OK);

  memset(&expected, 0, sizeof expected);
  o = start(&t);
  gradus_options options = gradus_default_options();
  options.clip_norm = 0.5;
  train(o, &t, 20, &options);
  train_in_cpp(20, 0.5, expected.w, expected.b, exp_avg);
  CHECK(same(&t, &expected));
  CHECK(gradus_free(o) == GRADUS_OK);

  double w[weights] = {0}, in_cpp[weights] = {0}, g[weights];
  double* params[] = {w};
  const double* grads[] = {g};
  o = gradus_create_double("0.1", "schedule_free_sgd(beta=0.5)", 1, params, sizes, NULL);
  for (int step = 0; step < 10; ++step) {
    for (int i = 0; i < weights; ++i) g[i] = w[i] - i;
    CHECK(gradus_step_double(o, 1, params, grads, NULL, NULL) == GRADUS_OK);
  }
  train_double_in_cpp(10, in_cpp);
  CHECK(memcmp(w, in_cpp, sizeof w) == 0);
  const double* slot = gradus_state(o, gradus_slot_name(o, 0), &n);
  CHECK(slot != NULL && n == weights);
  CHECK(gradus_free(o) == GRADUS_OK);
}

static void test_options(void) {
  float w[1] = {1}, g[1] = {1};
  float* params[] = {w};
  const float* grads[] = {g};
  const size_t one[] = {1};
  gradus_optimizer* o = gradus_create("linear(1, 0, 10)", "sgd", 1, params, one, NULL);
  gradus_options options = gradus_default_options();
  gradus_result result;
  options.scale = -0.5;
  options.factor = 0.5;
  options.position = 5;
  CHECK(gradus_step(o, 1, params, grads, &options, &result) == GRADUS_OK);
  CHECK(w[0] == 1.125f && result.rate == 0.25 && result.step == 0 && isnan(result.norm));
  CHECK(gradus_seek(o, 8) == GRADUS_OK && gradus_steps(o) == 8);
  CHECK(fabs(gradus_rate(o) - 0.2) < 1e-15);
  const gradus_options one_field = {.scale = 0.5}; /* the factor is 0 */
  CHECK(gradus_step(o, 1, params, grads, &one_field, NULL) == GRADUS_REFUSED);
  SAYS(o, "gradus_step.options.factor must not be 0: begin with gradus_default_options()");
  const gradus_options none = {0};
  CHECK(gradus_step(o, 1, params, grads, &none, NULL) == GRADUS_REFUSED);
  SAYS(o, "gradus_step.options.scale must not be 0: begin with gradus_default_options()");
  CHECK(w[0] == 1.125f && gradus_steps(o) == 8);
  CHECK(gradus_free(o) == GRADUS_OK);

  o = gradus_create("1", "polyak_sgd", 1, params, one, NULL);
  CHECK(gradus_step(o, 1, params, grads, NULL, NULL) == GRADUS_REFUSED);
  SAYS(o, "gradus::StepOptions.loss must be given, and finite: the rule uses it (got nan)");
  options = gradus_default_options();
  options.loss = 0.5;
  CHECK(gradus_step(o, 1, params, grads, &options, NULL) == GRADUS_OK);
  CHECK(gradus_free(o) == GRADUS_OK);
  CHECK(gradus_free(NULL) == GRADUS_OK);
  CHECK(strncmp(gradus_version(), "0.", 2) == 0);
}

static void test_files(const char* path) {
  training t, other, third;
  float* params[] = {t.w, t.b};
  gradus_optimizer* o = start(&t);
  train(o, &t, 7, NULL);
  CHECK(gradus_save(o, path, params) == GRADUS_OK);
  train(o, &t, 13, NULL);

  gradus_optimizer* p = start(&other);
  float* others[] = {other.w, other.b};
  CHECK(gradus_load(p, path, others) == GRADUS_OK && gradus_steps(p) == 7);
  train(p, &other, 13, NULL);
  CHECK(same(&t, &other));
  continue_in_cpp(path, 13, third.w, third.b);
  CHECK(same(&t, &third));

  /* The state alone, and a file that does not fit. */
  CHECK(gradus_load(p, path, NULL) == GRADUS_REFUSED && gradus_steps(p) == 20);
  CHECK(strstr(gradus_message(p), "must be loaded with all that was saved in it") != NULL);
  CHECK(gradus_save(o, path, NULL) == GRADUS_OK);
  CHECK(gradus_load(p, path, NULL) == GRADUS_OK);
  gradus_optimizer* q = gradus_create(schedule, "sgd", 2, params, sizes, names);
  CHECK(gradus_load(q, path, NULL) == GRADUS_REFUSED);
  CHECK(strstr(gradus_message(q), "must have rule SGD") != NULL);
  CHECK(gradus_load(q, "no/such/file", NULL) == GRADUS_SYSTEM);
  CHECK(strstr(gradus_message(q), "no/such/file") != NULL);
  CHECK(gradus_save(q, "no/such/folder/file", NULL) == GRADUS_SYSTEM);
  CHECK(gradus_save(q, NULL, NULL) == GRADUS_REFUSED);
  SAYS(q, "gradus_save.path must not be NULL");
  CHECK(same(&t, &other));
  CHECK(remove(path) == 0);
  gradus_free(o);
  gradus_free(p);
  gradus_free(q);
}

/* Whether a creation fails, with this sentence. */
#define REFUSES(creation, sentence) \
  do {                              \
    CHECK((creation) == NULL);      \
    SAYS(NULL, sentence);           \
  } while (0)

static void test_refused_creations(void) {
  training t;
  float* params[] = {t.w, t.b};
  float* without[] = {t.w, NULL};
  const char* twice[] = {"w", "w"};
  const char* unnamed[] = {"w", NULL};
  REFUSES(gradus_create("cosin(1, 0, 10)", rule, 2, params, sizes, NULL),
          "gradus: column 1: expected a schedule, found 'cosin'; did you mean 'cosine'?");
  REFUSES(gradus_create("cosine(1, 0, 0)", rule, 2, params, sizes, NULL),
          "gradus: column 14: gradus::Cosine.steps must be > 0 (got 0)");
  REFUSES(gradus_create(schedule, "adamww", 2, params, sizes, NULL),
          "gradus: column 1: expected a rule, found 'adamww'; did you mean 'AdamW'?");
  REFUSES(
      gradus_create(schedule, "adamw(decay=1)", 2, params, sizes, NULL),
      "gradus: column 7: expected a field of AdamW (beta1, beta2, eps, weight_decay, eps_place, "
      "bias_correction), found 'decay'");
  REFUSES(gradus_create(schedule, "adamw(beta1=1)", 2, params, sizes, NULL),
          "gradus: column 13: gradus::AdamW.beta1 must be in [0, 1) (got 1)");
  REFUSES(
      gradus_create(schedule, "adamw(weight_decai=1)", 2, params, sizes, NULL),
      "gradus: column 7: expected a field of AdamW (beta1, beta2, eps, weight_decay, eps_place, "
      "bias_correction), found 'weight_decai'; did you mean 'weight_decay'?");
  REFUSES(gradus_create("cosine(1, stesp=2)", rule, 2, params, sizes, NULL),
          "gradus: column 11: expected a field of cosine (start, end, steps, past, exponent, k), "
          "found 'stesp'; did you mean 'steps'?");
  REFUSES(gradus_create(NULL, rule, 2, params, sizes, NULL),
          "gradus_create.schedule must not be NULL");
  REFUSES(gradus_create(schedule, NULL, 2, params, sizes, NULL),
          "gradus_create.rule must not be NULL");
  REFUSES(gradus_create(schedule, rule, 2, NULL, sizes, NULL),
          "gradus_create.params must not be NULL");
  REFUSES(gradus_create(schedule, rule, 2, without, sizes, NULL),
          "gradus_create.params[1] must not be NULL");
  REFUSES(gradus_create(schedule, rule, 2, params, NULL, NULL),
          "gradus_create.sizes must not be NULL");
  REFUSES(gradus_create(schedule, rule, 2, params, sizes, unnamed),
          "gradus_create.names[1] must not be NULL");
  REFUSES(gradus_create(schedule, rule, 2, params, sizes, twice),
          "gradus::io::named.names must be different (got \"w\" twice)");
  REFUSES(gradus_create_double(schedule, rule, 2, NULL, sizes, NULL),
          "gradus_create_double.params must not be NULL");
}

/* That a call failed, because the optimizer is NULL or was freed. */
static void no_handle(int failed, gradus_optimizer* o, const char* function, int line) {
  char sentence[128];
  snprintf(sentence, sizeof sentence, "%s.optimizer must not be %s", function,
           o == NULL ? "NULL" : "used after gradus_free");
  check(failed, function, line);
  says(o, sentence, line);
}
#define NO_HANDLE(failed, function) no_handle(failed, o, function, __LINE__)

static void test_no_handle(gradus_optimizer* o, float* const* params, const float* const* grads) {
  size_t n = 99;
  NO_HANDLE(gradus_step(o, 2, params, grads, NULL, NULL) == GRADUS_NO_HANDLE, "gradus_step");
  NO_HANDLE(gradus_step_double(o, 2, NULL, NULL, NULL, NULL) == GRADUS_NO_HANDLE,
            "gradus_step_double");
  NO_HANDLE(isnan(gradus_rate(o)), "gradus_rate");
  NO_HANDLE(gradus_steps(o) == -1, "gradus_steps");
  NO_HANDLE(gradus_seek(o, 0) == GRADUS_NO_HANDLE, "gradus_seek");
  NO_HANDLE(gradus_state(o, "m", &n) == NULL && n == 99, "gradus_state");
  NO_HANDLE(gradus_slots(o) == 0, "gradus_slots");
  NO_HANDLE(gradus_slot_name(o, 0) == NULL, "gradus_slot_name");
  NO_HANDLE(gradus_save(o, "x", NULL) == GRADUS_NO_HANDLE, "gradus_save");
  NO_HANDLE(gradus_load(o, "x", NULL) == GRADUS_NO_HANDLE, "gradus_load");
}

static void test_refused_calls(void) {
  training t, before;
  gradus_optimizer* o = start(&t);
  train(o, &t, 1, NULL);
  before = t;
  float state[weights + biases];
  memcpy(state, gradus_state(o, "exp_avg", NULL), sizeof state);
  const double rate = gradus_rate(o);
  float g[weights] = {0};
  float* params[] = {t.w, t.b};
  float* without[] = {t.w, NULL};
  float* twice[] = {t.w, t.w};
  const float* grads[] = {g, g};
  const float* no_grads[] = {NULL, g};
  gradus_options options = gradus_default_options();

  CHECK(gradus_step(o, 1, params, grads, NULL, NULL) == GRADUS_REFUSED);
  SAYS(o, "gradus_step.spans must be 2, as at construction (got 1)");
  CHECK(gradus_step(o, 2, NULL, grads, NULL, NULL) == GRADUS_REFUSED);
  SAYS(o, "gradus_step.params must not be NULL");
  CHECK(gradus_step(o, 2, params, NULL, NULL, NULL) == GRADUS_REFUSED);
  SAYS(o, "gradus_step.grads must not be NULL");
  CHECK(gradus_step(o, 2, without, grads, NULL, NULL) == GRADUS_REFUSED);
  SAYS(o, "gradus_step.params[1] must not be NULL");
  CHECK(gradus_step(o, 2, params, no_grads, NULL, NULL) == GRADUS_REFUSED);
  SAYS(o, "gradus_step.grads[0] must not be NULL");
  CHECK(gradus_step(o, 2, twice, grads, NULL, NULL) == GRADUS_REFUSED);
  CHECK(strstr(gradus_message(o), "overlap") != NULL);
  CHECK(gradus_step_double(o, 2, NULL, NULL, NULL, NULL) == GRADUS_REFUSED);
  SAYS(o, "gradus_step_double.optimizer must be of the same type of parameters: call gradus_step");
  options.factor = -1;
  CHECK(gradus_step(o, 2, params, grads, &options, NULL) == GRADUS_REFUSED);
  SAYS(o, "gradus::StepOptions.factor must be finite and >= 0 (got -1)");
  options = gradus_default_options();
  options.position = -2;
  CHECK(gradus_step(o, 2, params, grads, &options, NULL) == GRADUS_REFUSED);
  SAYS(o, "gradus::StepOptions.position must be in [0, 2^63) (got -2)");
  options = gradus_default_options();
  options.clip_norm = -1;
  CHECK(gradus_step(o, 2, params, grads, &options, NULL) == GRADUS_REFUSED);
  SAYS(o, "gradus::ClipNorm.max_norm must be finite and > 0 (got -1)");
  CHECK(gradus_seek(o, -1) == GRADUS_REFUSED);
  SAYS(o, "gradus::Optimizer.seek must be in [0, 2^63) (got -1)");

  size_t n = 99;
  CHECK(gradus_state(o, "exp_avgs", &n) == NULL && n == 99);
  SAYS(o,
       "gradus_state.name must be a slot of the rule, one of exp_avg, exp_avg_sq (got "
       "\"exp_avgs\"); did you mean 'exp_avg'?");
  CHECK(gradus_state(o, "layer.weights.exp_avg", &n) == NULL);
  SAYS(o,
       "gradus_state.name must begin with the name of an array (got "
       "\"layer.weights.exp_avg\"); did you mean 'layer.weight'?");
  CHECK(gradus_state(o, NULL, &n) == NULL);
  SAYS(o, "gradus_state.name must not be NULL");
  CHECK(gradus_slot_name(o, 2) == NULL);
  SAYS(o, "gradus_slot_name.slot must be below 2 (got 2)");
  CHECK(same(&t, &before) && gradus_steps(o) == 1 && gradus_rate(o) == rate);
  CHECK(memcmp(gradus_state(o, "exp_avg", NULL), state, sizeof state) == 0);

  test_no_handle(NULL, params, grads);
  CHECK(gradus_free(o) == GRADUS_OK);
  test_no_handle(o, params, grads);
  NO_HANDLE(gradus_free(o) == GRADUS_NO_HANDLE, "gradus_free");
  CHECK(same(&t, &before));
}

int main(int count, char** arguments) {
  test_bits();
  test_options();
  test_files(count > 1 ? arguments[1] : "gradus_c_test.safetensors");
  test_refused_creations();
  test_refused_calls();
  if (failures == 0) puts("the interface for C works");
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
