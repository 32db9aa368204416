// The kernel of lanes on AVX2: products of bytes are added in pairs, and over lines in 16 bits as
// long as these hold the sum; 4 ticks of 16 output channels at a time stay in 8 registers.
#include <string.h>

#include "CSpikeKernels.h"
#include "clones.h"
#include "lanes.h"

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>

#define SYNAPACK_PAIRS __attribute__((target("avx2")))
#define SYNAPACK_PAIRS_INLINE static inline SYNAPACK_PAIRS __attribute__((always_inline))

int synapack_lanes_have_pairs(void) { return __builtin_cpu_supports("avx2"); }

// Lines that are summed before their 16-bit sums are widened.
enum { ROOM = 64 };

typedef struct {
  const int8_t *line;
  const uint8_t *weights;
} synapse_line;

// A pair is at most 2 · 255 · payload on either side of 0.
static int32_t lines_in_16_bits(int32_t largest) {
  int32_t limit = 32767 / (510 * (largest < 1 ? 1 : largest));
  return limit < ROOM ? limit : ROOM;
}

SYNAPACK_PAIRS_INLINE void add_pairs(uint32_t *sums, __m256i pairs) {
  __m256i wide = _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
  __m256i sum = _mm256_loadu_si256((const __m256i *)sums);
  _mm256_storeu_si256((__m256i *)sums, _mm256_add_epi32(sum, wide));
}

// Adds lines to the sums of the ticks from `first` on, of which there are four.
SYNAPACK_PAIRS_INLINE void add_lines(
  synapack_sum_block *block, const synapse_line *lines, int32_t count, int32_t first) {
  __m256i low[4], high[4];
  __m128i payloads = _mm_setzero_si128();
#pragma unroll
  for (int32_t t = 0; t < 4; t++) low[t] = high[t] = _mm256_setzero_si256();
  for (int32_t i = 0; i < count; i++) {
    const int8_t *line = lines[i].line + 4 * first;
    __m256i left = _mm256_loadu_si256((const __m256i *)lines[i].weights);
    __m256i right = _mm256_loadu_si256((const __m256i *)(lines[i].weights + 32));
    __m128i four = _mm_loadu_si128((const __m128i *)line);
    payloads = _mm_add_epi16(payloads, _mm_maddubs_epi16(_mm_set1_epi8(1), four));
#pragma unroll
    for (int32_t t = 0; t < 4; t++) {
      int32_t own;
      memcpy(&own, line + 4 * t, 4);
      __m256i all = _mm256_set1_epi32(own);
      low[t] = _mm256_add_epi16(low[t], _mm256_maddubs_epi16(left, all));
      high[t] = _mm256_add_epi16(high[t], _mm256_maddubs_epi16(right, all));
    }
  }
#pragma unroll
  for (int32_t t = 0; t < 4; t++) {
    add_pairs(block->sums[first + t], low[t]);
    add_pairs(block->sums[first + t] + 8, high[t]);
  }
  __m128i wide = _mm_madd_epi16(payloads, _mm_set1_epi16(1));
  __m128i sum = _mm_loadu_si128((const __m128i *)(block->payloads + first));
  _mm_storeu_si128((__m128i *)(block->payloads + first), _mm_add_epi32(sum, wide));
}

// Ticks beyond the population's end are summed and never looked at.
SYNAPACK_PAIRS static void add_ticks(
  synapack_sum_block *block, const synapse_line *lines, int32_t count, int32_t ticks) {
  for (int32_t t = 0; t < ticks; t += 4) add_lines(block, lines, count, t);
}

// Sums of one arrival.
SYNAPACK_PAIRS_INLINE void add_arrival(
  synapack_sum_block *block, const synapack_arrival *a, const synapack_place *place,
  int32_t ticks) {
  synapack_shift_sums(block, a->shift, ticks);
  int32_t limit = lines_in_16_bits(a->largest);
  synapse_line lines[ROOM];
  int32_t found = 0;
  synapack_walk walk = {0, 0};
  synapack_stretch stretch;
  while (synapack_next_stretch(a, place, &walk, &stretch)) {
    for (uint32_t i = 0; i < stretch.count; i++) {
      int64_t entry = stretch.entries != NULL ? stretch.entries[i] : stretch.first + i;
      lines[found++] = (synapse_line){stretch.lines + entry * 64, stretch.weights + entry * 64};
      if (found < limit) continue;
      add_ticks(block, lines, found, ticks);
      found = 0;
    }
  }
  if (found > 0) add_ticks(block, lines, found, ticks);
}

// What a block of 16 neurons keeps in registers over all ticks, in two halves.
typedef struct {
  __m256i v[2], thresholds[2], biases[2], currents[2], spikes[2];
} neurons;

// The first `count` of 16 values at `values`; the others are 0.
SYNAPACK_PAIRS_INLINE void load(__m256i *halves, const int32_t *values, int32_t count) {
  int32_t all[16] = {0};
  // A size that the compiler knows is no call.
  if (count == 16) memcpy(all, values, sizeof all);
  else memcpy(all, values, (size_t)count * sizeof *all);
  halves[0] = _mm256_loadu_si256((const __m256i *)all);
  halves[1] = _mm256_loadu_si256((const __m256i *)(all + 8));
}

SYNAPACK_PAIRS_INLINE void store(int32_t *values, const __m256i *halves, int32_t count) {
  int32_t all[16];
  _mm256_storeu_si256((__m256i *)all, halves[0]);
  _mm256_storeu_si256((__m256i *)(all + 8), halves[1]);
  if (count == 16) memcpy(values, all, sizeof all);
  else memcpy(values, all, (size_t)count * sizeof *all);
}

// v ← clamp(v + Σ + b); s = [v ≥ θ]; v ← v − s·θ. Returns −1 for each of 8 neurons that fired.
SYNAPACK_PAIRS_INLINE __m256i tick_of(
  const synapack_population *p, neurons *n, int32_t half, __m256i sum, int32_t tick) {
  if (tick >= p->bias_from && tick < p->bias_to) sum = _mm256_add_epi32(sum, n->biases[half]);
  if (tick < p->current_to) sum = _mm256_add_epi32(sum, n->currents[half]);
  __m256i v = _mm256_add_epi32(n->v[half], sum);
  v = _mm256_max_epi32(v, _mm256_set1_epi32(p->floor));
  n->v[half] = v = _mm256_min_epi32(v, _mm256_set1_epi32(p->ceiling));
  if (!p->fires || tick < p->opens) return _mm256_setzero_si256();
  __m256i silent = _mm256_cmpgt_epi32(n->thresholds[half], v);
  __m256i fired = _mm256_andnot_si256(silent, _mm256_set1_epi32(-1));
  n->v[half] = _mm256_sub_epi32(v, _mm256_and_si256(fired, n->thresholds[half]));
  n->spikes[half] = _mm256_sub_epi32(n->spikes[half], fired);
  return fired;
}

// 1 or 0 for each of 16 channels, in bytes.
SYNAPACK_PAIRS_INLINE __m128i bytes_of(__m256i low, __m256i high) {
  __m128i left =
    _mm_packs_epi32(_mm256_castsi256_si128(low), _mm256_extracti128_si256(low, 1));
  __m128i right =
    _mm_packs_epi32(_mm256_castsi256_si128(high), _mm256_extracti128_si256(high, 1));
  return _mm_and_si128(_mm_packs_epi16(left, right), _mm_set1_epi8(1));
}

SYNAPACK_PAIRS_INLINE void advance_binary_block(
  const synapack_population *p, const synapack_place *place, const synapack_sum_block *block,
  neurons *n, int32_t real, int32_t ticks) {
  // [tick][quad]: four channels each.
  int32_t fired[16][4] = {{0}};
  for (int32_t t = 0; t < ticks; t++) {
    __m256i raised = _mm256_set1_epi32((int32_t)(block->payloads[t] * SYNAPACK_RAISE));
    __m256i halves[2];
#pragma unroll
    for (int32_t half = 0; half < 2; half++) {
      __m256i sum = _mm256_loadu_si256((const __m256i *)(block->sums[t] + 8 * half));
      sum = _mm256_sub_epi32(sum, raised);
      halves[half] = tick_of(p, n, half, sum, place->tick_block * 16 + t);
    }
    _mm_storeu_si128((__m128i *)fired[t], bytes_of(halves[0], halves[1]));
  }
  if (!p->fires) return;
  // Channels beyond the last send nothing.
  int32_t quads = (p->channels + 3) / 4;
  int64_t positions = (int64_t)p->output_height * p->output_width;
  int8_t *line = p->lines
    + ((place->tick_block * positions + place->position) * quads + place->block * 4) * 64;
  for (int32_t q = 0; q * 4 < real; q++) {
    int32_t own = real - q * 4 < 4 ? (int32_t)(0x01010101u & ((1u << (8 * (real - q * 4))) - 1))
                                   : 0x01010101;
    int32_t four[16];
    for (int32_t t = 0; t < 16; t++) four[t] = fired[t][q] & own;
    memcpy(line + q * 64, four, sizeof four);
  }
}

// Payloads 0 and 1, reset by subtraction, no leak and no memory; and integrators.
SYNAPACK_PAIRS static void advance(
  const synapack_population *p, const synapack_arrival *arrivals, size_t count,
  synapack_place place, int binary) {
  size_t first = (size_t)place.position * p->channels + (size_t)place.block * 16;
  int32_t real = p->channels - place.block * 16 < 16 ? p->channels - place.block * 16 : 16;
  neurons n = {0};
  if (binary) {
    load(n.v, p->membranes + first, real);
    load(n.thresholds, p->thresholds + first, real);
    load(n.biases, p->biases + first, real);
    if (p->currents != NULL) load(n.currents, p->currents + first, real);
  }
  for (place.tick_block = 0; place.tick_block * 16 < p->ticks; place.tick_block++) {
    int32_t left = p->ticks - place.tick_block * 16;
    int32_t ticks = left < 16 ? left : 16;
    synapack_sum_block block;
    memset(&block, 0, sizeof block);
    for (size_t a = 0; a < count; a++) add_arrival(&block, &arrivals[a], &place, ticks);
    if (binary) advance_binary_block(p, &place, &block, &n, real, ticks);
    else synapack_advance_block(p, &place, &block);
  }
  if (!binary) return;
  store(p->membranes + first, n.v, real);
  if (p->fires) store(p->spikes + first, n.spikes, real);
}

SYNAPACK_PAIRS void synapack_advance_lanes_pairs(
  const synapack_population *p, const synapack_arrival *arrivals, size_t count) {
  for (int32_t block = 0; block < (p->channels + 15) / 16; block++) {
    for (int32_t y = 0; y < p->output_height; y++) {
      for (int32_t x = 0; x < p->output_width; x++) {
        synapack_place place = {block, y, x, y * p->output_width + x, 0};
        advance(p, arrivals, count, place, synapack_is_binary(p));
      }
    }
  }
}

#else

int synapack_lanes_have_pairs(void) { return 0; }

void synapack_advance_lanes_pairs(
  const synapack_population *p, const synapack_arrival *arrivals, size_t count) {
  (void)p, (void)arrivals, (void)count;
}

#endif
