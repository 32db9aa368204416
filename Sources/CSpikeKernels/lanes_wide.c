// The kernel of lanes on AVX-512 with byte dot products: the sums of 16 ticks of 16 output
// channels stay in 16 registers.
#include <string.h>

#include "CSpikeKernels.h"
#include "clones.h"
#include "lanes.h"

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>

#define SYNAPACK_WIDE \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,bmi,bmi2,popcnt")))
#define SYNAPACK_WIDE_INLINE static inline SYNAPACK_WIDE __attribute__((always_inline))

int synapack_lanes_have_dot_products(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
    && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
    && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("bmi2");
}

// Sums of one arrival. `ticks` is a constant wherever this is inlined, so that the registers have
// names; ticks beyond the population's end are summed and never looked at.
SYNAPACK_WIDE_INLINE void add_arrival(
  __m512i *sums, __m512i *payloads, const synapack_arrival *a, const synapack_place *place,
  const int32_t ticks) {
  const __m512i ones = _mm512_set1_epi8(1);
  if (a->shift > 0) {
    *payloads = _mm512_slli_epi32(*payloads, (unsigned)a->shift);
#pragma unroll
    for (int32_t t = 0; t < ticks; t++) sums[t] = _mm512_slli_epi32(sums[t], (unsigned)a->shift);
  }
  synapack_walk walk = {0, 0};
  synapack_stretch stretch;
  while (synapack_next_stretch(a, place, &walk, &stretch)) {
    for (uint32_t i = 0; i < stretch.count; i++) {
      int64_t entry = stretch.entries != NULL ? stretch.entries[i] : stretch.first + i;
      const int8_t *line = stretch.lines + entry * 64;
      __m512i weights = _mm512_loadu_si512(stretch.weights + entry * 64);
      *payloads = _mm512_dpbusd_epi32(*payloads, ones, _mm512_loadu_si512(line));
#pragma unroll
      for (int32_t t = 0; t < ticks; t++) {
        int32_t four;
        memcpy(&four, line + 4 * t, 4);
        sums[t] = _mm512_dpbusd_epi32(sums[t], weights, _mm512_set1_epi32(four));
      }
    }
  }
}

// What a block of 16 neurons keeps in registers over all ticks.
typedef struct {
  __m512i v, thresholds, biases, currents, spikes, floor, ceiling;
  __mmask16 real;
} neurons;

SYNAPACK_WIDE_INLINE neurons load_neurons(
  const synapack_population *p, size_t first, __mmask16 real) {
  neurons n;
  n.real = real;
  n.v = _mm512_maskz_loadu_epi32(real, p->membranes + first);
  n.thresholds = _mm512_maskz_loadu_epi32(real, p->thresholds + first);
  n.biases = _mm512_maskz_loadu_epi32(real, p->biases + first);
  n.currents = p->currents == NULL ? _mm512_setzero_si512()
                                   : _mm512_maskz_loadu_epi32(real, p->currents + first);
  n.spikes = _mm512_setzero_si512();
  n.floor = _mm512_set1_epi32(p->floor);
  n.ceiling = _mm512_set1_epi32(p->ceiling);
  return n;
}

// v ← clamp(v + Σ + b); s = [v ≥ θ]; v ← v − s·θ. Returns who fired.
SYNAPACK_WIDE_INLINE __mmask16 tick_of(
  const synapack_population *p, neurons *n, __m512i sum, int32_t tick) {
  if (tick >= p->bias_from && tick < p->bias_to) sum = _mm512_add_epi32(sum, n->biases);
  if (tick < p->current_to) sum = _mm512_add_epi32(sum, n->currents);
  n->v = _mm512_add_epi32(n->v, sum);
  n->v = _mm512_min_epi32(_mm512_max_epi32(n->v, n->floor), n->ceiling);
  if (!p->fires || tick < p->opens) return 0;
  __mmask16 fired = _mm512_mask_cmpge_epi32_mask(n->real, n->v, n->thresholds);
  n->v = _mm512_mask_sub_epi32(n->v, fired, n->v, n->thresholds);
  n->spikes = _mm512_mask_add_epi32(n->spikes, fired, n->spikes, _mm512_set1_epi32(1));
  return fired;
}

// From who fired in each of 16 ticks, four ticks a word, to the lines of the quads.
SYNAPACK_WIDE_INLINE void store_lines(
  const synapack_population *p, const synapack_place *place, const uint64_t fired[4]) {
  int32_t quads = (p->channels + 3) / 4;
  int64_t positions = (int64_t)p->output_height * p->output_width;
  int8_t *line = p->lines
    + ((place->tick_block * positions + place->position) * quads + place->block * 4) * 64;
  int32_t own = quads - place->block * 4 < 4 ? quads - place->block * 4 : 4;
  for (int32_t q = 0; q < own; q++) {
    uint64_t nibbles = 0x000F000F000F000Full << (4 * q);
    uint64_t bits = 0;
#pragma unroll
    for (int32_t w = 0; w < 4; w++) bits |= _pext_u64(fired[w], nibbles) << (16 * w);
    _mm512_storeu_si512(line + q * 64, _mm512_maskz_set1_epi8(bits, 1));
  }
}

SYNAPACK_WIDE_INLINE void advance_binary_block(
  const synapack_population *p, const synapack_arrival *arrivals, size_t count,
  const synapack_place *place, neurons *n, const int32_t ticks) {
  __m512i sums[16];
  __m512i payloads = _mm512_setzero_si512();
#pragma unroll
  for (int32_t t = 0; t < ticks; t++) sums[t] = _mm512_setzero_si512();
  for (size_t a = 0; a < count; a++) add_arrival(sums, &payloads, &arrivals[a], place, ticks);
  // The weights were raised by 128.
  int32_t raised[16] __attribute__((aligned(64)));
  _mm512_store_si512(raised, _mm512_slli_epi32(payloads, 7));
  int32_t first = place->tick_block * 16;
  uint64_t fired[4] = {0, 0, 0, 0};
#pragma unroll
  for (int32_t t = 0; t < ticks; t++) {
    if (first + t < p->ticks) {
      __m512i sum = _mm512_sub_epi32(sums[t], _mm512_set1_epi32(raised[t]));
      fired[t / 4] |= (uint64_t)tick_of(p, n, sum, first + t) << (t % 4 * 16);
    }
  }
  if (p->fires) store_lines(p, place, fired);
}

SYNAPACK_WIDE static void advance_binary(
  const synapack_population *p, const synapack_arrival *arrivals, size_t count,
  synapack_place place) {
  size_t first = (size_t)place.position * p->channels + (size_t)place.block * 16;
  int32_t own = p->channels - place.block * 16;
  __mmask16 real = own >= 16 ? 0xFFFF : (__mmask16)((1 << own) - 1);
  neurons n = load_neurons(p, first, real);
  for (place.tick_block = 0; place.tick_block * 16 < p->ticks; place.tick_block++) {
    int32_t ticks = p->ticks - place.tick_block * 16;
    if (ticks > 8)
      advance_binary_block(p, arrivals, count, &place, &n, 16);
    else if (ticks > 4)
      advance_binary_block(p, arrivals, count, &place, &n, 8);
    else
      advance_binary_block(p, arrivals, count, &place, &n, 4);
  }
  _mm512_mask_storeu_epi32(p->membranes + first, real, n.v);
  if (p->fires) _mm512_mask_storeu_epi32(p->spikes + first, real, n.spikes);
}

// Sums on wide registers, neurons one by one.
SYNAPACK_WIDE static void advance_any(
  const synapack_population *p, const synapack_arrival *arrivals, size_t count,
  synapack_place place) {
  for (place.tick_block = 0; place.tick_block * 16 < p->ticks; place.tick_block++) {
    synapack_sum_block block;
    __m512i sums[16];
    __m512i payloads = _mm512_setzero_si512();
#pragma unroll
    for (int32_t t = 0; t < 16; t++) sums[t] = _mm512_setzero_si512();
    for (size_t a = 0; a < count; a++) add_arrival(sums, &payloads, &arrivals[a], &place, 16);
#pragma unroll
    for (int32_t t = 0; t < 16; t++) _mm512_storeu_si512(block.sums[t], sums[t]);
    _mm512_storeu_si512(block.payloads, payloads);
    synapack_advance_block(p, &place, &block);
  }
}

SYNAPACK_WIDE void synapack_advance_lanes_wide(
  const synapack_population *p, const synapack_arrival *arrivals, size_t count) {
  int binary = synapack_is_binary(p);
  for (int32_t block = 0; block < (p->channels + 15) / 16; block++) {
    for (int32_t y = 0; y < p->output_height; y++) {
      for (int32_t x = 0; x < p->output_width; x++) {
        synapack_place place = {block, y, x, y * p->output_width + x, 0};
        if (binary)
          advance_binary(p, arrivals, count, place);
        else
          advance_any(p, arrivals, count, place);
      }
    }
  }
}

#else

int synapack_lanes_have_dot_products(void) { return 0; }

void synapack_advance_lanes_wide(
  const synapack_population *p, const synapack_arrival *arrivals, size_t count) {
  (void)p, (void)arrivals, (void)count;
}

#endif
