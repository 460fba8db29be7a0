import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Forked processes: the native engine keeps state per process and does not unload from a worker thread. */
export default defineConfig({
  test: {
    pool: "forks",
    // Two even on two cores: many tests wait for servers. No more than four: each training takes two threads and up to 3 GB.
    maxWorkers: Math.min(4, Math.max(2, availableParallelism() - 1)),
    include: ["test/**/*.test.ts", "packages/*/test/**/*.test.ts"],
    exclude: [
      ...(process.env.AUSCULT_TEST_SLOW ? [] : ["**/*.slow.test.ts"]),
      ...(process.env.AUSCULT_TEST_CLUSTER ? [] : ["**/*.cluster.test.ts"]),
    ],
    globalSetup: ["test/temporaryFolder.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
