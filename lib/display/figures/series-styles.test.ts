import assert from "node:assert/strict";
import { test } from "node:test";
import { methodNames } from "../../explain/method-table";
import { poolingNames } from "../../transfer/pooling-choice";
import { palette } from "./house-template";
import { seriesStyle, seriesStyles } from "./series-styles";

const look = (name: string) => Object.values(seriesStyle(name)).join();
/** A name that the table lacks. */
const unknown = look("no such name");

for (const [what, names] of Object.entries({ pooling: poolingNames, method: methodNames })) {
  test(`every ${what} has a colour and a mark that no other has`, () => {
    const looks = names.map(look);
    for (const [index, name] of names.entries()) assert.notEqual(looks[index], unknown, name);
    assert.equal(new Set(looks).size, names.length);
  });
}

test("the lines of the first table differ by colour alone, in every regime", () => {
  const lines = ["mean", "hidden mean", "attention", "true mask", "none"];
  assert.equal(new Set(lines.map((name) => seriesStyle(name).colour)).size, lines.length);
});

test("names without a style take the palette's colours in their order", () => {
  const styles = seriesStyles(["attention", "listing", "repaired"]);
  assert.deepEqual(
    ["attention", "listing", "repaired"].map((name) => styles.get(name)!.colour),
    [seriesStyle("attention").colour, palette[0], palette[1]],
  );
});
