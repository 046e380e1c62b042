/* The interface of gradus for C, and for every language that can call C.
 *
 * Compile all .cpp files beside this file once as C++20, with the same options (g++ -std=c++20 -O2
 * -I.../include -c), and link them with the C++ standard library. They have all rules for float and
 * double. One after another they take 90 seconds to compile; the longest takes 22.
 *
 * Errors: a function that returns a gradus_status returns GRADUS_OK, 0, or says what went wrong;
 * after an error nothing has changed. Every other function returns the value that its comment
 * names. gradus_message has the sentence. No exception leaves these functions.
 * Threads: different optimizers can be used at the same time, one optimizer by one thread at a
 * time.
 * Pointers: NULL is refused where a comment does not allow it; so is an optimizer that was freed.
 * Any other pointer that is not what it should be cannot be recognised. */
#ifndef GRADUS_ADAPT_C_GRADUS_H
#define GRADUS_ADAPT_C_GRADUS_H

#include <stddef.h>
#include <stdint.h>

/* What makes a function visible outside of a shared library. */
#ifndef GRADUS_API
#if defined(__GNUC__) && !defined(_WIN32)
#define GRADUS_API __attribute__((visibility("default")))
#else
#define GRADUS_API
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef enum gradus_status {
  GRADUS_OK = 0,
  GRADUS_REFUSED = 1,   /* an argument or a file is not what it must be */
  GRADUS_SYSTEM = 2,    /* the system could not read or write a file */
  GRADUS_NO_MEMORY = 3, /* there is not enough memory */
  GRADUS_NO_HANDLE = 4  /* the optimizer is NULL, or was freed */
} gradus_status;

/* A schedule, a rule, its state, and the number of steps. */
typedef struct gradus_optimizer gradus_optimizer;

/* Options of one step. Begin with gradus_default_options(): a field that braces leave out is 0. A
 * scale or factor of 0 is refused; a position of 0 stays at the schedule's beginning. */
typedef struct gradus_options {
  double scale;     /* 1: multiplies every gradient, for example 1.0 / batch; -1 maximises */
  double factor;    /* 1: multiplies the schedule's rate */
  int64_t position; /* -1: where the schedule is evaluated in place of the number of steps */
  double loss;      /* NaN: the loss, for rules that need it (polyak_sgd) */
  double clip_norm; /* 0, no clipping: the largest norm of all gradients together */
} gradus_options;

/* The result of one step. */
typedef struct gradus_result {
  int64_t step; /* the index of the step, counted from 0 */
  double rate;  /* the rate that it used */
  double norm;  /* the norm of the gradients before clipping; NaN without clip_norm */
} gradus_result;

/* "0.2.0" */
GRADUS_API const char* gradus_version(void);

/* Makes an optimizer for `spans` arrays of parameters, of sizes[0], sizes[1] ... elements.
 *
 *   schedule  "warmup(500) then cosine(1e-3, 1e-5, 10000)": docs/guide/schedules-as-text.md
 *   rule      "adamw(weight_decay=0.01)", "sgd"
 *   params    the arrays, which are read by rules that keep a copy of the start; not kept
 *   names     a name for each array; NULL: "0", "1" ...
 *
 * Returns NULL after an error; gradus_message(NULL) has the sentence. */
GRADUS_API gradus_optimizer* gradus_create(const char* schedule, const char* rule, size_t spans,
                                           float* const* params, const size_t* sizes,
                                           const char* const* names);
GRADUS_API gradus_optimizer* gradus_create_double(const char* schedule, const char* rule,
                                                  size_t spans, double* const* params,
                                                  const size_t* sizes, const char* const* names);
/* Frees an optimizer and its state. NULL is allowed. Some bytes are kept, so that each later use of
 * the pointer is refused. */
GRADUS_API gradus_status gradus_free(gradus_optimizer* optimizer);

/* Makes one step: changes the parameters by the gradients. `spans` is the number of arrays, as in
 * gradus_create, and their sizes must be those given there. `options` and `result` may be NULL. */
GRADUS_API gradus_status gradus_step(gradus_optimizer* optimizer, size_t spans,
                                     float* const* params, const float* const* grads,
                                     const gradus_options* options, gradus_result* result);
GRADUS_API gradus_status gradus_step_double(gradus_optimizer* optimizer, size_t spans,
                                            double* const* params, const double* const* grads,
                                            const gradus_options* options, gradus_result* result);
GRADUS_API gradus_options gradus_default_options(void);

/* The rate of the next step; NaN after an error. */
GRADUS_API double gradus_rate(gradus_optimizer* optimizer);
/* The number of steps made; -1 after an error. */
GRADUS_API int64_t gradus_steps(gradus_optimizer* optimizer);
/* Continues as step `step`. The state stays as it is. */
GRADUS_API gradus_status gradus_seek(gradus_optimizer* optimizer, int64_t step);

/* State, to read or change: an array of the type of the parameters, and its size. `name` is a slot,
 * "exp_avg" (all arrays one after another), or an array and a slot, "weight.exp_avg". Slots have
 * the names of PyTorch, or those of gradus, "m". `size` may be NULL. Returns NULL after an error.
 * The array is valid until the optimizer is freed. */
GRADUS_API void* gradus_state(gradus_optimizer* optimizer, const char* name, size_t* size);
/* The number of slots; 0 also after an error. */
GRADUS_API size_t gradus_slots(gradus_optimizer* optimizer);
/* The name of slot number `slot`; NULL after an error. */
GRADUS_API const char* gradus_slot_name(gradus_optimizer* optimizer, size_t slot);

/* Saves everything in one file, which replaces the file before in one piece: after a crash there is
 * the old file or the new one. `params` is the array of pointers that gradus_step takes, to save
 * the parameters too, or NULL. gradus_load needs the same schedule and rule (but for numbers),
 * sizes and names, and params if they were saved. C++ programs read
 * the same files, with a schedule that io::parse makes of the same text. */
GRADUS_API gradus_status gradus_save(gradus_optimizer* optimizer, const char* path,
                                     const void* params);
GRADUS_API gradus_status gradus_load(gradus_optimizer* optimizer, const char* path,
                                     const void* params);

/* What went wrong in the last call that failed for this optimizer, in one sentence; with NULL, in
 * the last call of this thread that failed without an optimizer. "" before the first error. Valid
 * until the next error. */
GRADUS_API const char* gradus_message(gradus_optimizer* optimizer);

#ifdef __cplusplus
}
#endif

#endif
