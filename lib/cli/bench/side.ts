import { type ChildProcess, spawn } from "node:child_process";
import * as readline from "node:readline";
import { type Question, REPLY_MARK, type Reply } from "./job";

/** How a process is started. */
export interface Command {
  program: string;
  args: readonly string[];
  /** All its variables. */
  env: Readonly<Record<string, string | undefined>>;
}

/** One side of the comparison: a process of its own that stays warm and works only when it is asked. */
export class Side {
  private readonly child: ChildProcess;
  private readonly replies: AsyncIterator<string>;
  private complaints = "";
  readonly versions: Record<string, string> = {};

  private constructor(
    readonly name: string,
    { program, args, env }: Command,
  ) {
    this.child = spawn(program, args, {
      env: { ...env },
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    // A program that does not exist, or a question to a process that is gone: the missing reply says so.
    this.child.on("error", (error) => this.complain(`${error.message}\n`));
    this.child.stdin!.on("error", () => {});
    this.child.stderr!.setEncoding("utf8").on("data", (text: string) => this.complain(text));
    this.replies = readline.createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  /** Starts a process and waits until it is ready. */
  static async start(name: string, command: Command): Promise<Side> {
    const side = new Side(name, command);
    const { versions } = await side.reply();
    Object.assign(side.versions, versions);
    return side;
  }

  ask(question: Question): Promise<Reply> {
    this.child.stdin!.write(`${JSON.stringify(question)}\n`);
    return this.reply();
  }

  /** Ends the process and waits until it is gone. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null || this.child.pid === undefined)
      return;
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill();
    await gone;
  }

  private async reply(): Promise<Reply> {
    for (;;) {
      const { value, done } = await this.replies.next();
      if (done) throw new Error(`${this.name} ended without a reply. Its last words:\n${this.complaints}`);
      if (value.startsWith(REPLY_MARK)) return JSON.parse(value.slice(REPLY_MARK.length)) as Reply;
    }
  }

  private complain(text: string): void {
    this.complaints = (this.complaints + text).slice(-4000);
  }
}
