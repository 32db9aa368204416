// Direct convolution in float32, where a matrix product of few rows would leave the processor
// idle. It trusts its arguments: the Swift side checks every extent before it calls.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// One group of a convolution of one sample. The input is padded already: every cell under the
/// kernel lies in its planes of `input_plane` cells, rows of `input_row` cells.
///
/// Weights are laid out [block of 16 outputs][input channel][ky][kx][output of the block], with
/// zeros for outputs beyond the last.
typedef struct {
  int32_t inputs, outputs;
  int32_t input_row;
  int64_t input_plane;
  int32_t output_height, output_width;
  int32_t kernel_height, kernel_width;
  int32_t stride_y, stride_x;
  int32_t dilation_y, dilation_x;
} synapack_direct_convolution;

/// The smallest width of an output that ``synapack_convolve`` takes.
enum { synapack_direct_width = 4 };

/// out[o, y, x] ← bias[o] + Σ_i,ky,kx w[o, i, ky, kx] · in[i, y · stride + ky · dilation, …].
///
/// The order of each sum is that of the weights, whatever the extents. Strides of x up to 2.
void synapack_convolve(
  const synapack_direct_convolution *convolution, const float *input, const float *weights,
  const float *bias, float *output);
