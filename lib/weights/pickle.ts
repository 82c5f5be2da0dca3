import { UserError } from "../runtime/user-error";
import { brokenWeights, unsuitableWeights } from "./broken-weights";

/** A Python class or function that a pickle names; it is never run, only compared with an allow-list. */
export class PickleGlobal {
  constructor(readonly name: string) {}
}

/** An object of a class that holds no weights (a list of arguments, a date …): known to be there, and left unread. */
export class UnreadObject {
  constructor(readonly className: string) {}
}

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleGlobal
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | object;

/** What a pickle may contain besides numbers, texts, tuples, lists and dictionaries. */
export interface PickleRules {
  /** File name for error messages. */
  file: string;
  /** What each allowed global makes of its arguments; a global that is not here is refused. */
  globals: ReadonlyMap<string, (args: PickleValue[]) => PickleValue>;
  /** Names of classes and functions that may occur beside weights: an {@link UnreadObject} stands for what they make. */
  harmless: ReadonlySet<string>;
  /** Looks up an object that is stored outside the pickle (PyTorch keeps its storages there). */
  persistent?: (id: PickleValue) => PickleValue;
}

const MARK = Symbol("mark");
type StackItem = PickleValue | typeof MARK;

/**
 * Reads one pickle of protocol 2, the one that `torch.save` writes, without running anything that it asks for.
 *
 * Python's own reader calls whatever function a pickle names; a weights file from a stranger is then a
 * program. This one knows the few instructions that hold data (`pickletools` describes them) and an
 * allow-list of names.
 * @param bytes the file; reading begins at `start`.
 * @returns the value, and where the pickle ends.
 * @throws UserError when the pickle is cut short or damaged, or asks for something that is not allowed.
 */
export function readPickle(
  bytes: Uint8Array,
  start: number,
  rules: PickleRules,
): { value: PickleValue; end: number } {
  return new PickleReader(bytes, start, rules).read();
}

class PickleReader {
  private readonly stack: StackItem[] = [];
  private readonly memo = new Map<number, PickleValue>();
  private readonly view: DataView;

  /** What each instruction does, by its byte as a character. */
  private readonly instructions: Record<string, () => void> = {
    "\x80": () => {
      const protocol = this.unsigned(1);
      if (protocol !== 2) {
        throw unsuitableWeights(
          this.rules.file,
          `its pickle is of protocol ${protocol}, and only 2 is read, which torch.save writes by itself`,
          "Save it without pickle_protocol.",
        );
      }
    },
    // Constants, numbers and texts (the last two as Python 2 wrote them).
    "(": () => this.push(MARK),
    N: () => this.push(null),
    "\x88": () => this.push(true),
    "\x89": () => this.push(false),
    J: () => this.push(this.view.getInt32(this.advance(4), true)),
    K: () => this.push(this.unsigned(1)),
    M: () => this.push(this.unsigned(2)),
    "\x8a": () => this.push(this.longInteger(this.take(this.unsigned(1)))),
    G: () => this.push(this.view.getFloat64(this.advance(8))),
    X: () => this.push(this.text(this.unsigned(4))),
    U: () => this.push(this.text(this.unsigned(1))),
    T: () => this.push(this.text(this.unsigned(4))),
    // The memo, where values are kept that occur again.
    q: () => this.remember(this.unsigned(1)),
    r: () => this.remember(this.unsigned(4)),
    h: () => this.recall(this.unsigned(1)),
    j: () => this.recall(this.unsigned(4)),
    // Tuples and lists, which are both arrays here, and dictionaries.
    ")": () => this.push([]),
    "]": () => this.push([]),
    t: () => this.push(this.popToMark()),
    "\x85": () => this.push(this.popMany(1)),
    "\x86": () => this.push(this.popMany(2)),
    "\x87": () => this.push(this.popMany(3)),
    a: () => this.append(this.popMany(1)),
    e: () => this.append(this.popToMark()),
    "}": () => this.push(new Map()),
    s: () => this.setItems(this.popMany(2)),
    u: () => this.setItems(this.popToMark()),
    // Objects. The only attributes (b) in a state dictionary are notes of versions: they are dropped.
    c: () => this.push(new PickleGlobal(`${this.line()}.${this.line()}`)),
    R: () => this.reduce(),
    "\x81": () => this.newObject(),
    b: () => this.pop(),
    Q: () => this.push(this.persistent(this.pop())),
  };

  constructor(
    private readonly bytes: Uint8Array,
    private position: number,
    private readonly rules: PickleRules,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(): { value: PickleValue; end: number } {
    for (;;) {
      const instruction = this.unsigned(1);
      if (instruction === 0x2e /* STOP */) return { value: this.pop(), end: this.position };
      const follow = this.instructions[String.fromCharCode(instruction)];
      if (!follow)
        throw this.damaged(`it holds the pickle instruction 0x${instruction.toString(16)}, unknown here`);
      follow();
    }
  }

  private reduce(): void {
    const args = this.pop();
    const callee = this.pop();
    if (!(callee instanceof PickleGlobal) || !Array.isArray(args))
      throw this.damaged("it is not well formed");
    const make = this.rules.globals.get(callee.name);
    if (!make && !this.rules.harmless.has(callee.name)) {
      throw new UserError(
        `${this.rules.file} asks to run ${callee.name}, which a file of weights has no need of; nothing was run. ` +
          "Save the plain state dictionary: torch.save(model.state_dict(), file).",
      );
    }
    this.push(make ? make(args) : new UnreadObject(callee.name));
  }

  private newObject(): void {
    this.pop();
    const type = this.pop();
    if (!(type instanceof PickleGlobal)) throw this.damaged("it is not well formed");
    if (!this.rules.harmless.has(type.name)) {
      throw unsuitableWeights(
        this.rules.file,
        `it holds a whole Python object, ${type.name}, which only the program that made it can build; nothing was run`,
        "Save the plain state dictionary: torch.save(model.state_dict(), file).",
      );
    }
    this.push(new UnreadObject(type.name));
  }

  private persistent(id: PickleValue): PickleValue {
    if (!this.rules.persistent) throw this.damaged("it refers to an object outside itself");
    return this.rules.persistent(id);
  }

  private append(items: PickleValue[]): void {
    const list = this.stack.at(-1);
    if (!Array.isArray(list)) throw this.damaged("it is not well formed");
    for (const item of items) list.push(item);
  }

  private setItems(items: PickleValue[]): void {
    const map = this.stack.at(-1);
    if (!(map instanceof Map) || items.length % 2) throw this.damaged("it is not well formed");
    for (let i = 0; i < items.length; i += 2) map.set(items[i] as PickleValue, items[i + 1] as PickleValue);
  }

  private remember(key: number): void {
    const top = this.stack.at(-1);
    if (top === undefined || top === MARK) throw this.damaged("it is not well formed");
    this.memo.set(key, top as PickleValue);
  }

  private recall(key: number): void {
    const value = this.memo.get(key);
    if (value === undefined) throw this.damaged("it is not well formed");
    this.push(value);
  }

  private push(item: StackItem): void {
    this.stack.push(item);
  }

  private pop(): PickleValue {
    const item = this.stack.pop();
    if (item === undefined || item === MARK) throw this.damaged("it is not well formed");
    return item as PickleValue;
  }

  private popMany(count: number): PickleValue[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  private popToMark(): PickleValue[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) throw this.damaged("it is not well formed");
    const items = this.stack.splice(mark).slice(1);
    return items as PickleValue[];
  }

  /** Whole numbers of more than 32 bits: little-endian, two's complement. */
  private longInteger(digits: Uint8Array): number | bigint {
    let value = 0n;
    for (let i = digits.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(digits[i] as number);
    value = BigInt.asIntN(8 * digits.length, value);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  private line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw this.damaged("it ends too early");
    const text = this.text(end - this.position);
    this.position = end + 1;
    return text;
  }

  private text(length: number): string {
    return new TextDecoder().decode(this.take(length));
  }

  /** An unsigned whole number of 1, 2 or 4 bytes. */
  private unsigned(size: 1 | 2 | 4): number {
    const at = this.advance(size);
    if (size === 1) return this.view.getUint8(at);
    return size === 2 ? this.view.getUint16(at, true) : this.view.getUint32(at, true);
  }

  private take(count: number): Uint8Array {
    const start = this.advance(count);
    return this.bytes.subarray(start, start + count);
  }

  /** Steps over so many bytes and returns where they begin. */
  private advance(count: number): number {
    const start = this.position;
    if (start + count > this.bytes.length) throw this.damaged("it ends too early");
    this.position = start + count;
    return start;
  }

  private damaged(why: string): UserError {
    return brokenWeights(this.rules.file, why);
  }
}
