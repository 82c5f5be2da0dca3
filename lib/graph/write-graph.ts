import type * as tf from "@tensorflow/tfjs";
import { type AttributeValue, type GraphDataType, GraphWriter } from "./graph-writer";
import { changedVariables, type RecordedConstant, type Recording, type ValueSource } from "./recording";

/** Names of the operations around one variable of the session. */
export interface VariableNames {
  handle: string;
  /** Gives the value. */
  value: string;
  /** Takes a new value; its run is asked for through `set`. */
  newValue: string;
  set: string;
}

/** A recorded step as a graph, and what to ask of it. */
export interface WrittenGraph {
  graph: GraphWriter;
  outputs: string[];
  variables: Map<tf.Variable, VariableNames>;
}

/** Adds what stands for a constant, and returns its name. */
export type WriteConstant = (graph: GraphWriter, constant: RecordedConstant, index: number) => string;

/** How a recording is written where it does not hold for the recorded sizes only. */
export interface WritingOptions {
  /** Shapes of the placeholders; the recorded ones otherwise. */
  inputShapes?: ReadonlyMap<string, readonly (number | null)[]>;
  writeConstant?: WriteConstant;
}

/**
 * Writes a recorded step as a graph. Its inputs are placeholders; a variable lives in the session, is read before
 * the step and changed after it.
 */
export function writeGraph(recording: Recording, options: WritingOptions = {}): WrittenGraph {
  const graph = new GraphWriter();
  const inputs = new Map<string, string>();
  for (const [i, { name, type, shape }] of recording.inputs.entries())
    inputs.set(name, graph.placeholder(inputName(i), type, options.inputShapes?.get(name) ?? shape));
  const variables = new Map<tf.Variable, VariableNames>();
  for (const [i, variable] of recording.variables.entries())
    variables.set(variable, writeVariable(graph, variable, `variable_${i}`));

  const writeConstant = options.writeConstant ?? plainConstant;
  const constants: string[] = [];
  const operations: string[] = [];
  const variableNames = (variable: tf.Variable) => variables.get(variable) as VariableNames;
  // What touches a variable in the session is put in order by control inputs; nothing else would ensure it.
  const touches = new Map(recording.variables.map((variable) => [variable, [variableNames(variable).value]]));
  const afterTouches = (variable: tf.Variable) =>
    (touches.get(variable) as string[]).map((name) => `^${name}`);
  const nameOf = (source: ValueSource): string => {
    switch (source.from) {
      case "input":
        return inputs.get(source.name) as string;
      case "variable":
        return variableNames(source.variable).value;
      case "updated variable": {
        const inputNames = [variableNames(source.variable).handle, `^${operations[source.operation]}`];
        const name = graph.operation("ReadVariableOp", inputNames, { dtype: typeOf(source.variable) });
        touches.get(source.variable)?.push(name);
        return name;
      }
      case "operation":
        return `${operations[source.operation]}:${source.output}`;
      case "constant":
        constants[source.constant] ??= writeConstant(
          graph,
          recording.constants[source.constant] as RecordedConstant,
          source.constant,
        );
        return constants[source.constant] as string;
    }
  };
  for (const { kind, attributes, inputs: sources, changes } of recording.operations) {
    const handles = changes.map((variable) => variableNames(variable).handle);
    const name = graph.operation(
      kind,
      [...handles, ...sources.map(nameOf), ...changes.flatMap(afterTouches)],
      attributes,
    );
    operations.push(name);
    for (const variable of changes) touches.get(variable)?.push(name);
  }
  const outputValues = recording.outputs.map(({ source }) => nameOf(source));
  const newValues = recording.assignments.map(({ source }) => nameOf(source));
  // A run that fails must not leave some variables changed and others not: all is computed before anything is assigned.
  const inPlace = recording.operations.flatMap(({ changes }, i) =>
    changes.length > 0 ? [operations[i]!] : [],
  );
  const needed = [...newValues.map((name) => name.replace(/:\d+$/, "")), ...inPlace];
  const ready = graph.operation(
    "NoOp",
    [...new Set(needed)].map((name) => `^${name}`),
    {},
    "ready",
  );
  for (const [i, { variable }] of recording.assignments.entries()) {
    const inputNames = [
      variableNames(variable).handle,
      newValues[i] as string,
      ...afterTouches(variable),
      `^${ready}`,
    ];
    touches.get(variable)?.push(graph.operation("AssignVariableOp", inputNames, { dtype: typeOf(variable) }));
  }
  // Whoever asks for an output gets the changes of the variables with it.
  const changes = changedVariables(recording).flatMap(afterTouches);
  const done = graph.operation("NoOp", changes, {}, "changes");
  const outputs = recording.outputs.map(({ type }, i) =>
    graph.operation("Identity", [outputValues[i] as string, `^${done}`], { T: { type } }, `output_${i}`),
  );
  // TensorFlow wants something to be asked for, even of a step that returns nothing.
  if (outputs.length === 0)
    graph.operation(
      "Identity",
      [graph.constant(Int32Array.of(0), []), `^${done}`],
      { T: { type: "int32" } },
      nothing,
    );
  return { graph, outputs, variables };
}

/** The operation to ask of a graph without outputs: it runs everything and gives a number that means nothing. */
export const nothing = "nothing";

/** The name of the placeholder of an input; TensorFlow allows fewer characters in it than JavaScript. */
export function inputName(index: number): string {
  return `input_${index}`;
}

/** Adds a constant as it is. */
export function plainConstant(graph: GraphWriter, { values, shape }: RecordedConstant): string {
  return graph.constant(values, shape);
}

function writeVariable(graph: GraphWriter, variable: tf.Variable, name: string): VariableNames {
  const dtype = typeOf(variable);
  const shape: AttributeValue = { shape: variable.shape };
  graph.operation("VarHandleOp", [], { dtype, shape, shared_name: { text: name } }, name);
  const names = { handle: name, value: `${name}_value`, newValue: `${name}_new`, set: `${name}_set` };
  graph.operation("ReadVariableOp", [name], { dtype }, names.value);
  graph.placeholder(names.newValue, dtype.type, variable.shape);
  const assign = graph.operation("AssignVariableOp", [name, names.newValue], { dtype });
  const zero = graph.constant(Int32Array.of(0), []);
  graph.operation("Identity", [zero, `^${assign}`], { T: { type: "int32" } }, names.set);
  return names;
}

function typeOf(variable: tf.Variable): { type: GraphDataType } {
  return { type: variable.dtype as GraphDataType };
}
