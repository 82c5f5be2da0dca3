// The one line that a step writes about itself: rewritten in place on a terminal, and elsewhere (a log, CI)
// written again now and then, so that a long step is seen to be alive.

const secondsBetweenLines = 15;

/** @param {number} milliseconds @returns {string} such as "0.4 s", "12 s", "3 min 5 s" */
export function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/**
 * @param {number} done
 * @param {number} total
 * @param {string} unit such as "packages" or "MB"
 * @param {number} milliseconds since the work began
 * @returns {string} such as "120 of 274 MB, about 9 s left"
 */
export function share(done, total, unit, milliseconds) {
  const count = `${Math.floor(done)} of ${Math.round(total)} ${unit}`;
  // The first moments say nothing about the speed.
  if (done < total / 20 || done >= total || milliseconds < 3000) return count;
  return `${count}, about ${duration((milliseconds * (total - done)) / done)} left`;
}

export class StepLine {
  #startedAt = performance.now();
  #shownAt = performance.now();
  #note = "";
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /**
   * @param {string} name of the step
   * @param {NodeJS.WriteStream} [stream]
   */
  constructor(name, stream = process.stdout) {
    this.name = name;
    this.stream = stream;
    this.live = Boolean(stream.isTTY) && process.env.TERM !== "dumb";
    this.#timer = setInterval(() => this.#show(), this.live ? 200 : 1000);
    if (this.live) this.#show();
  }

  /** Milliseconds since the step began. */
  get elapsed() {
    return performance.now() - this.#startedAt;
  }

  /** @param {string} note what the step does now, or how far it is */
  update(note) {
    this.#note = note;
  }

  /** @param {string} result */
  end(result) {
    this.#close(`${this.name}: ${result} (${duration(this.elapsed)})\n`);
  }

  /** Takes the line away, for an error message to follow. */
  cancel() {
    this.#close("");
  }

  #show() {
    const text = `${this.name}${this.#note ? `: ${this.#note}` : ""} … ${duration(this.elapsed)}`;
    if (this.live) {
      this.stream.write(`\r\x1b[2K${text.slice(0, (this.stream.columns || 80) - 1)}`);
    } else if (performance.now() - this.#shownAt > secondsBetweenLines * 1000) {
      this.#shownAt = performance.now();
      this.stream.write(`${text}\n`);
    }
  }

  /** @param {string} text */
  #close(text) {
    clearInterval(this.#timer);
    this.stream.write(this.live ? `\r\x1b[2K${text}` : text);
  }
}
