import type { FamilyGroup } from "../../attention/family";
import { countTrainedParameters, type FamilyMember, type FamilySizes } from "../../attention/family/member";
import { markdownTable } from "../../display/cells/table";

/** The library's folder, seen from the page of tables in `data/reference`. */
const LIBRARY = "../../lib";

/** Tables of the family as Markdown, one a group, with the parameters counted on layers of these sizes. */
export function familyTables(groups: readonly FamilyGroup[], sizes: FamilySizes): string {
  const { channels, positions, units, heads, queries, classes, controlUnits } = sizes;
  const tables = groups.map(({ kind, about, members }) => {
    const rows = members.map((member) => rowOf(kind, member, sizes));
    return `${about}\n\n${markdownTable(rows)}`;
  });
  const counted =
    `Trained parameters are counted on layers built for ${positions} tokens of ${channels} channels, with ${units} hidden units (${controlUnits} in ` +
    `the controls, which makes them as large as additive attention), ${heads} heads, ${queries} queries and ${classes} classes.`;
  return [...tables, counted].join("\n\n");
}

function rowOf(kind: string, member: FamilyMember, sizes: FamilySizes) {
  const { name, code, file, formula, returns, source, build } = member;
  return {
    [kind]: `${name}\n[\`${code}\`](${LIBRARY}/attention/${file})`,
    formula: `$${formula}$`,
    returns,
    ...(build ? { parameters: countTrainedParameters(member, sizes).toLocaleString("en") } : {}),
    source: source ? `[${source.authors}\u00a0${source.year}](${source.url})` : "",
  };
}
