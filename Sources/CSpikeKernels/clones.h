#pragma once

// One binary runs everywhere: the loader picks the widest clone that the processor has.
#if defined(__x86_64__) && defined(__linux__)
#define SYNAPACK_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define SYNAPACK_CLONES
#endif

#define SYNAPACK_INLINE static inline __attribute__((always_inline))
