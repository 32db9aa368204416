#include <stddef.h>
#include <stdint.h>

// What libFuzzer offers to a mutator: its own changes of the bytes in place. Returns their new
// count, at most max_size.
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
