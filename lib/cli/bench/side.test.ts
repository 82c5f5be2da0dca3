import assert from "node:assert/strict";
import { test } from "node:test";
import { REPLY_MARK } from "./job";
import { Side } from "./side";

const command = (script: string) => ({ program: process.execPath, args: ["-e", script], env: {} });

test("a side answers question after question, whatever else it prints", async () => {
  const side = await Side.start(
    "echo",
    command(`
      const say = (reply) => console.log("${REPLY_MARK}" + JSON.stringify(reply));
      say({ ready: true, versions: { echo: "1" } });
      let asked = 0;
      process.stdin.on("data", () => { console.log("chatter"); say({ milliseconds: ++asked }); });
    `),
  );
  try {
    assert.deepEqual(side.versions, { echo: "1" });
    assert.deepEqual(await side.ask({ ask: "run", calls: 1 }), { milliseconds: 1 });
    assert.deepEqual(await side.ask({ ask: "run", calls: 1 }), { milliseconds: 2 });
  } finally {
    await side.stop();
  }
});

test("a side that ends, or does not exist, is reported with its last words", async () => {
  await assert.rejects(
    Side.start("broken", command(`console.error("no such module"); process.exit(3)`)),
    /broken ended without a reply.*no such module/s,
  );
  await assert.rejects(
    Side.start("missing", { program: "no-such-program-anywhere", args: [], env: {} }),
    /missing ended without a reply.*ENOENT/s,
  );
});
