import { defineConfig } from "vitest/config";

/** Forked processes: the native engine keeps state per process and does not unload from a worker thread. */
export default defineConfig({
  test: {
    pool: "forks",
    include: ["test/**/*.test.ts", "packages/*/test/**/*.test.ts"],
    exclude: process.env.AUSCULT_TEST_SLOW ? [] : ["**/*.slow.test.ts"],
    globalSetup: ["test/temporaryFolder.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
