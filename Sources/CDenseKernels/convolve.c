#include "CDenseKernels.h"

#include <string.h>

// One binary runs everywhere: the loader picks the widest clone that the processor has.
#if defined(__x86_64__) && defined(__linux__)
#define SYNAPACK_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define SYNAPACK_CLONES
#endif
#define SYNAPACK_INLINE static inline __attribute__((always_inline))

// One value for each of 16 output channels; where registers are shorter, the compiler splits it.
typedef float lanes __attribute__((vector_size(64), aligned(4)));

// `pixels` neighbours of one row and 16 output channels, summed in registers. `pixels` and `step`
// are constants wherever this is inlined.
SYNAPACK_INLINE void convolve_tile(
  const synapack_direct_convolution *c, const float *input, const float *weights, const lanes *bias,
  float *output, int32_t outputs, const int32_t pixels, const int32_t step) {
  lanes sums[8];
#pragma unroll
  for (int32_t p = 0; p < pixels; p++) sums[p] = *bias;
  for (int32_t i = 0; i < c->inputs; i++) {
    for (int32_t ky = 0; ky < c->kernel_height; ky++) {
      const float *row =
        input + i * c->input_plane + (int64_t)ky * c->dilation_y * c->input_row;
      for (int32_t kx = 0; kx < c->kernel_width; kx++) {
        lanes w = *(const lanes *)weights;
        weights += 16;
#pragma unroll
        for (int32_t p = 0; p < pixels; p++) sums[p] += row[p * step] * w;
        row += c->dilation_x;
      }
    }
  }
  int64_t plane = (int64_t)c->output_height * c->output_width;
  for (int32_t o = 0; o < outputs; o++) {
#pragma unroll
    for (int32_t p = 0; p < pixels; p++) output[o * plane + p] = sums[p][o];
  }
}

// A row in tiles; the last one is moved back to end with the row and computes some pixels again.
SYNAPACK_INLINE void convolve_row(
  const synapack_direct_convolution *c, const float *input, const float *weights, const lanes *bias,
  float *output, int32_t outputs, const int32_t pixels, const int32_t step) {
  for (int32_t x = 0; x < c->output_width; x += pixels) {
    int32_t from = x + pixels > c->output_width ? c->output_width - pixels : x;
    convolve_tile(
      c, input + from * step, weights, bias, output + from, outputs, pixels, step);
  }
}

SYNAPACK_INLINE void convolve(
  const synapack_direct_convolution *c, const float *input, const float *weights,
  const float *bias, float *output, const int32_t pixels, const int32_t step) {
  int64_t taps = (int64_t)c->inputs * c->kernel_height * c->kernel_width;
  int64_t plane = (int64_t)c->output_height * c->output_width;
  for (int32_t first = 0; first < c->outputs; first += 16) {
    int32_t outputs = c->outputs - first < 16 ? c->outputs - first : 16;
    lanes start = {0};
    if (bias != NULL) memcpy(&start, bias + first, (size_t)outputs * sizeof *bias);
    for (int32_t y = 0; y < c->output_height; y++) {
      convolve_row(
        c, input + (int64_t)y * c->stride_y * c->input_row, weights + first * taps, &start,
        output + first * plane + (int64_t)y * c->output_width, outputs, pixels, step);
    }
  }
}

SYNAPACK_CLONES
void synapack_convolve(
  const synapack_direct_convolution *c, const float *input, const float *weights,
  const float *bias, float *output) {
  int wide = c->output_width >= 8;
  if (c->stride_x == 1) {
    if (wide) convolve(c, input, weights, bias, output, 8, 1);
    else convolve(c, input, weights, bias, output, 4, 1);
  } else {
    if (wide) convolve(c, input, weights, bias, output, 8, 2);
    else convolve(c, input, weights, bias, output, 4, 2);
  }
}
