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

typedef float half_lanes __attribute__((vector_size(32), aligned(4)));

// From [8 pixels][16 outputs] to [16 outputs][8 pixels], two outputs a row: three times, the first
// half of the rows interleaved with the second.
SYNAPACK_INLINE void transpose(lanes *rows) {
#pragma unroll
  for (int32_t step = 0; step < 3; step++) {
    lanes next[8];
#pragma unroll
    for (int32_t i = 0; i < 4; i++) {
      next[2 * i] = __builtin_shufflevector(
        rows[i], rows[i + 4], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      next[2 * i + 1] = __builtin_shufflevector(
        rows[i], rows[i + 4], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
#pragma unroll
    for (int32_t i = 0; i < 8; i++) rows[i] = next[i];
  }
}

// `pixels` neighbours of one row and 16 output channels, summed in registers. `pixels` and `step`
// are constants wherever this is inlined.
SYNAPACK_INLINE void convolve_tile(
  const synapack_direct_convolution *c, const float *input, const float *weights, const lanes *bias,
  float *output, int32_t outputs, const int32_t pixels, const int32_t step) {
  lanes sums[8];
#pragma unroll
  for (int32_t p = 0; p < pixels; p++) sums[p] = *bias;
  // One tap a channel leaves no time for the loops over taps.
  int32_t inputs = c->kernel_height * c->kernel_width == 1 ? 0 : c->inputs;
  for (int32_t i = inputs; i < c->inputs; i++, input += c->input_plane, weights += 16) {
    lanes w = *(const lanes *)weights;
#pragma unroll
    for (int32_t p = 0; p < pixels; p++) sums[p] += input[p * step] * w;
  }
  for (int32_t i = 0; i < inputs; i++) {
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
  if (pixels == 8 && outputs == 16) {
    transpose(sums);
#pragma unroll
    for (int32_t i = 0; i < 8; i++) {
      half_lanes low = __builtin_shufflevector(sums[i], sums[i], 0, 1, 2, 3, 4, 5, 6, 7);
      half_lanes high = __builtin_shufflevector(sums[i], sums[i], 8, 9, 10, 11, 12, 13, 14, 15);
      *(half_lanes *)(output + 2 * i * plane) = low;
      *(half_lanes *)(output + (2 * i + 1) * plane) = high;
    }
    return;
  }
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
