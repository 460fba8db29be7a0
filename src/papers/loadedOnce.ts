let loaded: Map<string, unknown> | undefined;

/**
 * Runs `plan`, within which `loadedOnce` makes each thing once. Afterwards nothing is kept: data on disk may change.
 * Within another call it is part of that.
 */
export function whilePlanning<T>(plan: () => T): T {
  if (loaded) return plan();
  loaded = new Map();
  try {
    return plan();
  } finally {
    loaded = undefined;
  }
}

/**
 * What `make` gives; while runs are planned together, the same object for the same key, so that many runs on one data set read and
 * split it once. What is shared this way must not be changed by anyone.
 *
 * @param key names all that decides it, the folder included
 */
export function loadedOnce<T>(key: readonly (string | number)[], make: () => T): T {
  if (!loaded) return make();
  const name = JSON.stringify(key);
  if (!loaded.has(name)) loaded.set(name, make());
  return loaded.get(name) as T;
}
