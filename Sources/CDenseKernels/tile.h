// Convolution with WIDTH output channels a vector; included once for each WIDTH, 8 and 16.
// Everything here is inlined where `pixels`, a power of two up to 8, and `step` are constants.

#define JOINED(name, width) name##_##width
#define EXPANDED(name, width) JOINED(name, width)
#define OF_WIDTH(name) EXPANDED(name, WIDTH)
#define lanes OF_WIDTH(lanes)

// One value for each output channel; where registers are shorter, the compiler splits it.
typedef float lanes __attribute__((vector_size(4 * WIDTH), aligned(4)));

// From [pixels][WIDTH outputs] to [WIDTH outputs][pixels], laid out in rows of WIDTH values: each
// time, the first half of the rows interleaved with the second, which turns the bits of a value's
// place by one.
SYNAPACK_INLINE void OF_WIDTH(transpose)(lanes *rows, const int32_t pixels) {
#pragma unroll
  for (int32_t left = pixels; left > 1; left /= 2) {
    lanes next[8];
#pragma unroll
    for (int32_t i = 0; i < pixels / 2; i++) {
      lanes low = rows[i], high = rows[i + pixels / 2];
#if WIDTH == 16
      next[2 * i] = __builtin_shufflevector(
        low, high, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      next[2 * i + 1] = __builtin_shufflevector(
        low, high, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
#else
      next[2 * i] = __builtin_shufflevector(low, high, 0, 8, 1, 9, 2, 10, 3, 11);
      next[2 * i + 1] = __builtin_shufflevector(low, high, 4, 12, 5, 13, 6, 14, 7, 15);
#endif
    }
#pragma unroll
    for (int32_t i = 0; i < pixels; i++) rows[i] = next[i];
  }
}

// `pixels` neighbours of one row and WIDTH output channels, summed in registers.
SYNAPACK_INLINE void OF_WIDTH(convolve_tile)(
  const synapack_direct_convolution *c, const float *input, const float *weights,
  const lanes *bias, float *output, int32_t outputs, const int32_t pixels, const int32_t step) {
  lanes sums[8];
#pragma unroll
  for (int32_t p = 0; p < pixels; p++) sums[p] = *bias;
  // One tap a channel leaves no time for the loops over taps.
  int32_t inputs = c->kernel_height * c->kernel_width == 1 ? 0 : c->inputs;
  for (int32_t i = inputs; i < c->inputs; i++, input += c->input_plane, weights += BLOCK) {
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
        weights += BLOCK;
#pragma unroll
        for (int32_t p = 0; p < pixels; p++) sums[p] += row[p * step] * w;
        row += c->dilation_x;
      }
    }
  }
  OF_WIDTH(transpose)(sums, pixels);
  int64_t plane = (int64_t)c->output_height * c->output_width;
  size_t size = (size_t)pixels * sizeof *output;
  if (outputs == WIDTH) {
#pragma unroll
    for (int32_t o = 0; o < WIDTH; o++) {
      memcpy(output + o * plane, (const float *)sums + o * pixels, size);
    }
  } else {
    // Of a copy: what is read at a varying place is kept in memory, from the first tap on.
    float values[8 * WIDTH];
    memcpy(values, sums, size * WIDTH);
    for (int32_t o = 0; o < outputs; o++) memcpy(output + o * plane, values + o * pixels, size);
  }
}

// Output channels from `first` on. The last tile of a row is moved back to end with it and computes
// some pixels again.
SYNAPACK_INLINE void OF_WIDTH(convolve_block)(
  const synapack_direct_convolution *c, const float *input, const float *weights,
  const float *bias, float *output, int32_t first, int32_t outputs, const int32_t pixels,
  const int32_t step) {
  int64_t taps = (int64_t)c->inputs * c->kernel_height * c->kernel_width;
  int64_t plane = (int64_t)c->output_height * c->output_width;
  lanes start = {0};
  if (bias != NULL) memcpy(&start, bias + first, (size_t)outputs * sizeof *bias);
  for (int32_t y = 0; y < c->output_height; y++) {
    const float *from = input + (int64_t)y * c->stride_y * c->input_row;
    float *to = output + first * plane + (int64_t)y * c->output_width;
    for (int32_t left = 0; left < c->output_width; left += pixels) {
      int32_t x = left + pixels > c->output_width ? c->output_width - pixels : left;
      OF_WIDTH(convolve_tile)(
        c, from + x * step, weights + first * taps, &start, to + x, outputs, pixels, step);
    }
  }
}

#undef lanes
#undef OF_WIDTH
#undef EXPANDED
#undef JOINED
