/** The part of the [Web Locks API](https://www.w3.org/TR/web-locks/) that is used here; the runtime has it, its types don't. */
interface LockManager {
  request(
    name: string,
    callback: () => Promise<unknown> | void,
  ): Promise<unknown>;
}

/** The locks that all threads of the process share. A lock is given up when the thread that holds it ends. */
export const locks: LockManager =
  (navigator as unknown as { locks: LockManager }).locks;
