/* Fits a line to points with AdamW, from C. */
#include <gradus/adapt/c/gradus.h>

#include <math.h>
#include <stdio.h>

int main(void) {
  float slope = 0, offset = 0;
  float* params[] = {&slope, &offset};
  const size_t sizes[] = {1, 1};
  const char* names[] = {"slope", "offset"};
  gradus_optimizer* optimizer = gradus_create("warmup(50) then cosine(0.1, 1e-4, 1950)",
                                              "adamw(weight_decay=0)", 2, params, sizes, names);
  if (optimizer == NULL) {
    fprintf(stderr, "%s\n", gradus_message(NULL));
    return 1;
  }
  while (gradus_steps(optimizer) < 2000) {
    float of_slope = 0, of_offset = 0;
    for (int i = 0; i < 10; ++i) {
      const float x = (float)i / 10, error = slope * x + offset - (2 * x - 1);
      of_slope += error * x;
      of_offset += error;
    }
    const float* grads[] = {&of_slope, &of_offset};
    gradus_options options = gradus_default_options();
    options.scale = 1.0 / 10; /* the gradients are sums over ten points */
    if (gradus_step(optimizer, 2, params, grads, &options, NULL) != GRADUS_OK) {
      fprintf(stderr, "%s\n", gradus_message(optimizer));
      return 1;
    }
  }
  printf("y = %.3f x + %.3f\n", (double)slope, (double)offset);
  gradus_free(optimizer);
  return fabsf(slope - 2) < 0.01f && fabsf(offset + 1) < 0.01f ? 0 : 1;
}
