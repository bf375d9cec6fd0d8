/** Calls listeners. One that throws keeps neither the others nor the client from their work: its error is told as an uncaught one. */
export function tell<Arguments extends unknown[]>(listeners: Iterable<(...args: Arguments) => void>, ...args: Arguments): void {
  for (const listener of [...listeners]) {
    try {
      listener(...args);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
