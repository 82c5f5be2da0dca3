/**
 * Called by long work after every part that is finished: `done` of `total` parts. Work whose parts differ much in
 * size gives a share of 1 instead, and begins with a call that says what was done before, such as 0.
 */
export type OnProgress = (done: number, total: number) => void;

/** A span of time as people say it: `0.4 s`, `12 s`, `3 min 05 s`, `1 h 02 min`. */
export function describeDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const padded = (value: number) => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${padded(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${padded(Math.floor((whole % 3600) / 60))} min`;
}

/**
 * One line that says how far work is and how long it will take: `features 120/400 · 9.1 s · about 21 s left`.
 * @param elapsed milliseconds since the work began.
 * @param alreadyDone parts that were finished before `elapsed` began to count, such as those found on disk.
 */
export function describeProgress(
  label: string,
  done: number,
  total: number,
  elapsed: number,
  alreadyDone = 0,
): string {
  const fresh = done - alreadyDone;
  const counted = total === 1 ? `${label} ${Math.floor(done * 100)} %` : `${label} ${done}/${total}`;
  if (done >= total) return `${counted} · ${describeDuration(elapsed)}`;
  if (fresh <= 0) return counted;
  return `${counted} · ${describeDuration(elapsed)} · about ${describeDuration((elapsed / fresh) * (total - done))} left`;
}
