/** Kernel: htable_size, which refuses what does not fit into an int. */
export const HASH_BITS_MAX = 27;
/** Entries that one set may have here at most, whatever `maxelem` says; the kernel is bounded by its memory. */
export const ENTRIES_MAX: number = 1 << 22;
