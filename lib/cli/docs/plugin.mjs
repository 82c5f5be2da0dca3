// What typedoc has no option for. It is not installed where this file lies, so nothing is imported from it.

/** Kinds of reflections, numbered as typedoc numbers them. */
const kinds = { module: 2, function: 64, class: 128, parameter: 32768 };

/** What a layer is asked by TensorFlow.js alone. */
const askedByTensorFlow = new Set(["call", "className", "computeMask", "computeOutputShape", "getConfig"]);

/**
 * @typedef {{ kind: string, text: string, tag?: string, target?: Reflection }} Part a piece of a comment's text
 * @typedef {{ summary: Part[], blockTags: { tag: string, content: Part[] }[] }} Comment
 * @typedef {{ name: string, kind: number, parent?: Reflection, comment?: Comment }} Reflection
 * @typedef {{
 *   reflections: Record<string, Reflection>, readme?: Part[], removeReflection(reflection: Reflection): void
 * }} Project
 */

/** Leaves out of the pages what nobody calls who uses a layer. @param {Project} project */
function leaveOutOverrides(project) {
  for (const reflection of Object.values(project.reflections)) {
    if (reflection.parent?.kind === kinds.class && askedByTensorFlow.has(reflection.name))
      project.removeReflection(reflection);
  }
}

/**
 * What a name in backticks stands for: an export, or the path of a group. A short word such as `mean` may be anything
 * that is no function.
 * @param {Reflection[]} reflections
 */
function exportsByName(reflections) {
  const exported = reflections.filter(
    ({ name, kind, parent }) =>
      parent?.kind === kinds.module && (kind === kinds.function || /[A-Z]/.test(name)),
  );
  const groups = reflections.filter(({ kind }) => kind === kinds.module);
  return new Map([
    ...exported.map((reflection) => /** @type {const} */ ([reflection.name, reflection])),
    ...groups.map((group) => /** @type {const} */ ([`attention-transfer/${group.name}`, group])),
  ]);
}

/** Options that are taken apart in the head of a function have no name there. @param {Project} project */
function nameOptions(project) {
  for (const reflection of Object.values(project.reflections)) {
    if (reflection.kind === kinds.parameter && reflection.name === "__namedParameters")
      reflection.name = "options";
  }
}

/** README's title is the page's own already. @param {Project} project */
function leaveOutTitle({ readme: [first] = [] }) {
  if (first) first.text = first.text.replace(/^# .*\n/, "");
}

/** The error that `@throws` begins with, apart from the words that follow. @param {Project} project */
function setApartErrors(project) {
  for (const { comment } of Object.values(project.reflections)) {
    for (const { tag, content } of comment?.blockTags ?? []) {
      const [, error, rest] = /^(UserError)\b(.*)$/s.exec(content[0]?.text ?? "") ?? [];
      if (tag !== "@throws" || !error || !rest) continue;
      content.splice(0, 1, { kind: "code", text: `\`${error}\`` }, { kind: "text", text: rest });
    }
  }
}

/** Makes links of the names in backticks. @param {Project} project */
function linkNames(project) {
  const reflections = Object.values(project.reflections);
  const known = exportsByName(reflections);
  /** @param {Part[]} parts @param {Reflection} [own] */
  const link = (parts, own) => {
    for (const part of parts) {
      const target = part.kind === "code" ? known.get(part.text.replace(/^`(.*)`$/, "$1")) : undefined;
      if (!target || target === own || target === own?.parent) continue;
      Object.assign(part, { kind: "inline-tag", tag: "@linkcode", text: part.text.slice(1, -1), target });
    }
  };
  for (const reflection of reflections) {
    const { comment } = reflection;
    for (const parts of [comment?.summary ?? [], ...(comment?.blockTags ?? []).map(({ content }) => content)])
      link(parts, reflection);
  }
  link(project.readme ?? []);
}

/** @param {{ converter: { on(event: string, listener: (context: { project: Project }) => void): void } }} typedoc */
export function load({ converter }) {
  converter.on("resolveBegin", ({ project }) => {
    leaveOutOverrides(project);
    nameOptions(project);
  });
  converter.on("end", ({ project }) => {
    leaveOutTitle(project);
    setApartErrors(project);
    linkNames(project);
  });
}
