import * as tf from "@tensorflow/tfjs";
import type { NativeAttribute, NativeBackend, NativeBinding, NativeOutput } from "./native-backend";
import { isRandomOperation } from "./refusals";

/** What a recorder wants to hear of; what returns an error has it thrown where it happened. */
export interface Listener {
  /** An operation of TensorFlow ran on the tensors of these numbers. */
  executed(kind: string, attributes: NativeAttribute[], inputs: number[], results: NativeOutput[]): void;
  /** The backend looked up the numbers of tensors. */
  named(tensors: readonly tf.TensorInfo[], ids: readonly number[]): void;
  /** Values of JavaScript became a tensor. */
  wrote(dataId: object): void;
  /** The values of a tensor are about to be read, while an operation of tfjs is running, or none. */
  read(dataId: object, running: string | undefined): Error | undefined;
  /** JavaScript is about to draw random numbers. */
  drewRandomly(what: string): Error | undefined;
  ranSavedModel(): Error;
}

/** Stands between tfjs and the native addon, and tells a listener what passes. Returns how to end that. */
export function intercept(backend: NativeBackend, listener: Listener): () => void {
  const undo: (() => void)[] = [];
  const replace = <T extends object, K extends keyof T>(target: T, key: K, value: T[K]) =>
    undo.push(replaceMember(target, key, value));

  const binding = backend.binding;
  const executeOp: NativeBinding["executeOp"] = (kind, attributes, inputs, outputs) => {
    const results = binding.executeOp(kind, attributes, inputs, outputs);
    listener.executed(kind, attributes, inputs, results);
    return results;
  };
  replace(backend, "binding", Object.create(binding, { executeOp: { value: executeOp } }));
  replace(backend, "getInputTensorIds", (tensors) => {
    const ids = nativeIds(backend, tensors);
    listener.named(tensors, ids);
    return ids;
  });
  replace(backend, "runSavedModel", () => {
    throw listener.ranSavedModel();
  });

  const write = backend.write.bind(backend);
  replace(backend, "write", (values, shape, dtype) => {
    const dataId = write(values, shape, dtype);
    listener.wrote(dataId);
    return dataId;
  });
  const readSync = backend.readSync.bind(backend);
  replace(backend, "readSync", (dataId) => {
    const refused = listener.read(dataId, runningOperation());
    if (refused) throw refused;
    return readSync(dataId);
  });
  // Thrown here it would reject a promise that nobody awaits inside of a step: the listener has to remember it.
  replace(backend, "read", async (dataId) => {
    listener.read(dataId, runningOperation());
    return readSync(dataId);
  });

  undo.push(interceptRandomness((what) => listener.drewRandomly(what)));
  return () => {
    for (const restore of undo.reverse()) restore();
  };
}

/** Tells of random numbers that JavaScript is about to draw; an error that comes back is thrown. Returns how to end that. */
export function interceptRandomness(drewRandomly: (what: string) => Error | undefined): () => void {
  const engine = tf.engine();
  const startScope = engine.startScope.bind(engine);
  const restoreScope = replaceMember(engine, "startScope", (name?: string) => {
    const operation = operationOf(name);
    const refused =
      operation && isRandomOperation(operation) ? drewRandomly(`\`tf.${operation}\``) : undefined;
    if (refused) throw refused;
    startScope(name);
  });
  const random = Math.random;
  const restoreRandom = replaceMember(Math, "random", () => {
    const refused = drewRandomly("Math.random");
    if (refused) throw refused;
    return random();
  });
  return () => {
    restoreRandom();
    restoreScope();
  };
}

/** The addon's numbers of tensors, by the backend's own method, unheard by a listener. */
export function nativeIds(backend: NativeBackend, tensors: readonly tf.TensorInfo[]): number[] {
  const prototype = Object.getPrototypeOf(backend) as NativeBackend;
  return prototype.getInputTensorIds.call(backend, tensors);
}

/** Puts `value` in the place of a member and returns how to put back what was there. */
export function replaceMember<T extends object, K extends keyof T>(
  target: T,
  key: K,
  value: T[K],
): () => void {
  const own = Object.getOwnPropertyDescriptor(target, key);
  Object.defineProperty(target, key, { value, configurable: true, writable: true });
  return () => {
    if (own) Object.defineProperty(target, key, own);
    else Reflect.deleteProperty(target, key);
  };
}

/** The operation of tfjs that is running, by the scope that it opened. */
export function runningOperation(): string | undefined {
  const { state } = tf.engine() as unknown as { state: { activeScope: { name: string } | null } };
  return operationOf(state.activeScope?.name);
}

/** tfjs names the scope of its operation `add` "add__op". */
function operationOf(scope: string | undefined): string | undefined {
  return scope?.endsWith("__op") ? scope.slice(0, -"__op".length) : undefined;
}
