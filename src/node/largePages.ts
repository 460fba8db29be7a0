/**
 * For glibc, as it starts (its manual, "Memory Allocation Tunables"): memory comes in pages of 2 MB where Linux leaves that to programs
 * (`transparent_hugepage` = `madvise`, the usual), and what a step gave back is kept for the next, in one heap for all threads. A step's
 * tensors are large and are asked for anew in each: with pages of 4 KB much of its time goes into handing them out.
 */
const TUNABLES = [
  "glibc.malloc.hugetlb=1",
  `glibc.malloc.mmap_threshold=${2 ** 33}`,
  `glibc.malloc.trim_threshold=${2 ** 33}`,
  "glibc.malloc.arena_max=1",
].join(":");

/**
 * What a process that trains is started with besides its environment: large pages. Whoever has set `GLIBC_TUNABLES`, if to nothing, is not
 * overruled; other systems and C libraries pass it over. Results are the same to the bit.
 */
export function largePages(environment: NodeJS.ProcessEnv = process.env): { GLIBC_TUNABLES: string } {
  return { GLIBC_TUNABLES: environment.GLIBC_TUNABLES ?? TUNABLES };
}
