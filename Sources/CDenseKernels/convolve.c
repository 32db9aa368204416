#include "CDenseKernels.h"

#include <string.h>

#define SYNAPACK_INLINE static inline __attribute__((always_inline))

// The output channels of a block of weights.
enum { BLOCK = 16 };

#define WIDTH 8
#include "tile.h"
#undef WIDTH
#define WIDTH 16
#include "tile.h"
#undef WIDTH

// `pixels` and `narrow_pixels`: how many sums of 16 and of 8 channels are kept in registers, which
// leave room for weights. With none left, as for 8 pixels of 16 channels on AVX2, each sum is loaded
// and stored at every tap: three times slower.
SYNAPACK_INLINE void convolve(
  const synapack_direct_convolution *c, const float *input, const float *weights,
  const float *bias, float *output, const int32_t pixels, const int32_t narrow_pixels,
  const int32_t step) {
  for (int32_t first = 0; first < c->outputs; first += BLOCK) {
    int32_t outputs = c->outputs - first < BLOCK ? c->outputs - first : BLOCK;
    if (outputs > 8) {
      convolve_block_16(c, input, weights, bias, output, first, outputs, pixels, step);
    } else {
      convolve_block_8(c, input, weights, bias, output, first, outputs, narrow_pixels, step);
    }
  }
}

SYNAPACK_INLINE void convolve_rows(
  const synapack_direct_convolution *c, const float *input, const float *weights,
  const float *bias, float *output, const int32_t pixels, const int32_t narrow_pixels) {
  int32_t least = synapack_direct_width;
  if (c->output_width < 8) {
    if (c->stride_x == 1) convolve(c, input, weights, bias, output, least, least, 1);
    else convolve(c, input, weights, bias, output, least, least, 2);
  } else {
    if (c->stride_x == 1) convolve(c, input, weights, bias, output, pixels, narrow_pixels, 1);
    else convolve(c, input, weights, bias, output, pixels, narrow_pixels, 2);
  }
}

#if defined(__x86_64__)
// One binary runs everywhere: 32 registers of 16 sums, 16 of 8, or 16 of 4.
__attribute__((target("arch=x86-64-v4"))) static void convolve_v4(
  const synapack_direct_convolution *c, const float *input, const float *weights,
  const float *bias, float *output) {
  convolve_rows(c, input, weights, bias, output, 8, 8);
}

__attribute__((target("arch=x86-64-v3"))) static void convolve_v3(
  const synapack_direct_convolution *c, const float *input, const float *weights,
  const float *bias, float *output) {
  convolve_rows(c, input, weights, bias, output, 4, 8);
}

void synapack_convolve(
  const synapack_direct_convolution *c, const float *input, const float *weights,
  const float *bias, float *output) {
  // What each level adds; older compilers do not know levels by name here.
  int v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
    && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
  int v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
    && __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq")
    && __builtin_cpu_supports("avx512vl");
  if (v4) convolve_v4(c, input, weights, bias, output);
  else if (v3) convolve_v3(c, input, weights, bias, output);
  else convolve_rows(c, input, weights, bias, output, 2, 4);
}
#else
// 32 registers of 4 sums.
void synapack_convolve(
  const synapack_direct_convolution *c, const float *input, const float *weights,
  const float *bias, float *output) {
  convolve_rows(c, input, weights, bias, output, 4, 8);
}
#endif
