/** Most time that anything may take; hundreds of times what it does take. */
const SECONDS = 60;

/** Waits for a promise, but fails after a time. */
export async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what} hangs: no answer in ${SECONDS} s`)),
      1_000 * SECONDS,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
