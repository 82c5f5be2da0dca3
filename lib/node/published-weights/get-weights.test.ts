import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { after, before, test } from "node:test";
import { sha256 } from "../../runtime/sha256";
import { UserError } from "../../runtime/user-error";
import { encodeSafetensors } from "../../weights/safetensors";
import { getWeights } from "./get-weights";
import type { PublishedWeights } from "./published-entry";

const numbers = (from: number) => Float32Array.from({ length: 100_000 }, (_, i) => from + i);
const whole = Buffer.from(encodeSafetensors({ a: { shape: [100_000], data: numbers(0) } }));
const other = Buffer.from(encodeSafetensors({ a: { shape: [100_000], data: numbers(1) } }));

interface Asked {
  range: string | undefined;
  ifRange: string | undefined;
}
/** What was asked of the server, in order; each test begins anew. */
let asked: Asked[] = [];

type Answer = (response: http.ServerResponse, range: { start: number } | undefined, time: number) => void;

/** Writes so many bytes and cuts the connection. */
function breakOff(response: http.ServerResponse, bytes: Buffer): void {
  response.write(bytes, () => setTimeout(() => response.destroy(), 20));
}

const partial = (response: http.ServerResponse, start: number, etag: string) =>
  response.writeHead(206, {
    etag,
    "content-length": whole.length - start,
    "content-range": `bytes ${start}-${whole.length - 1}/${whole.length}`,
  });

const answers: Record<string, Answer> = {
  whole: (response) => response.writeHead(200, { "content-length": whole.length }).end(whole),
  "without-length": (response) => response.writeHead(200).end(whole),
  // Breaks off every 90,000 bytes, and goes on where it is asked to.
  breaks: (response, range) => {
    const start = range?.start ?? 0;
    if (range) partial(response, start, '"1"');
    else response.writeHead(200, { etag: '"1"', "content-length": whole.length });
    const piece = whole.subarray(start, start + 90_000);
    if (start + piece.length === whole.length) response.end(piece);
    else breakOff(response, piece);
  },
  "ignores-range": (response, _range, time) => {
    response.writeHead(200, { etag: '"1"', "content-length": whole.length });
    if (time === 0) breakOff(response, whole.subarray(0, 90_000));
    else response.end(whole);
  },
  // The file changed between the two connections: a server that honours If-Range sends the new one whole.
  changes: (response, _range, time) => {
    response.writeHead(200, { etag: `"${time}"`, "content-length": whole.length });
    if (time === 0) breakOff(response, other.subarray(0, 90_000));
    else response.end(whole);
  },
  // Answers another range than was asked for.
  "wrong-range": (response, range, time) => {
    if (range && time === 1) partial(response, 10, '"1"').end(whole.subarray(10));
    else {
      response.writeHead(200, { etag: '"1"', "content-length": whole.length });
      if (time === 0) breakOff(response, whole.subarray(0, 90_000));
      else response.end(whole);
    }
  },
  "nothing-after": (response, range, time) => {
    if (range) response.writeHead(416).end();
    else {
      response.writeHead(200, { etag: '"1"', "content-length": whole.length });
      if (time === 0) breakOff(response, whole.subarray(0, 90_000));
      else response.end(whole);
    }
  },
  "always-breaks": (response) => {
    response.writeHead(200, { "content-length": whole.length });
    breakOff(response, whole.subarray(0, 1000));
  },
  "claims-more": (response) => {
    response.writeHead(200, { "content-length": whole.length + 1000 });
    breakOff(response, whole);
  },
  "claims-less": (response) =>
    response.writeHead(200, { "content-length": 1000 }).end(whole.subarray(0, 1000)),
  another: (response) => response.writeHead(200, { "content-length": other.length }).end(other),
  page: (response) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<!DOCTYPE html><p>Please log in"),
  endless: (response) => {
    response.writeHead(200);
    const piece = Buffer.alloc(100_000);
    const more = () => {
      while (!response.destroyed && response.write(piece));
      if (!response.destroyed) response.once("drain", more);
    };
    more();
  },
  huge: (response) => response.writeHead(200, { "content-length": 10 ** 12 }).end(),
  missing: (response) => response.writeHead(404).end(),
  overloaded: (response, _range, time) => {
    if (time === 0) response.writeHead(503).end();
    else response.writeHead(200, { "content-length": whole.length }).end(whole);
  },
};

const server = http.createServer((request, response) => {
  const { range, "if-range": ifRange } = request.headers;
  const start = range === undefined ? undefined : Number(/^bytes=(\d+)-$/.exec(range)![1]);
  const time = asked.length;
  asked.push({ range, ifRange: ifRange as string | undefined });
  answers[request.url!.slice(1)]!(response, start === undefined ? undefined : { start }, time);
});
let address = "";
const top = fs.mkdtempSync(path.join(os.tmpdir(), "get-weights-"));

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
  fs.rmSync(top, { recursive: true });
});

function entry(where: string, digest: string | null = sha256(whole).slice(0, 8)): PublishedWeights {
  return {
    name: "some",
    architecture: "a network",
    origin: "a test",
    licence: "none",
    file: "some.safetensors",
    megabytes: 0.4,
    ...(digest !== null && { digest }),
    source: { kind: "file", url: where.startsWith("http") ? where : `${address}/${where}` },
  };
}

function newFolder(): string {
  asked = [];
  return fs.mkdtempSync(path.join(top, "case-"));
}

/** The names of what is in a folder. */
const inside = (folder: string) => fs.readdirSync(folder).sort();

for (const where of [
  "whole",
  "without-length",
  "breaks",
  "ignores-range",
  "changes",
  "wrong-range",
  "nothing-after",
  "overloaded",
])
  test(`a server that is "${where}": the file comes whole, and nothing else stays`, async () => {
    const folder = newFolder();
    const progress: [number, number][] = [];
    const { file, digest } = await getWeights(entry(where), {
      folder,
      onProgress: (done, total) => void progress.push([done, total]),
    });
    assert.equal(digest, sha256(whole));
    assert.deepEqual(fs.readFileSync(file), whole);
    assert.deepEqual(inside(folder), ["some.safetensors"]);
    if (where !== "without-length") assert.deepEqual(progress.at(-1), [whole.length, whole.length]);
  });

test("what broke off goes on at the byte where it ended, and only with the same version", async () => {
  const folder = newFolder();
  await getWeights(entry("breaks"), { folder });
  assert.equal(asked[0]!.range, undefined);
  assert.deepEqual(asked[1], { range: "bytes=90000-", ifRange: '"1"' });
  assert.equal(asked.length, Math.ceil(whole.length / 90_000));
});

test("a download that is given up keeps what came, and the next one goes on from there", async () => {
  const folder = newFolder();
  const dead = entry("http://127.0.0.1:9/dead");
  await assert.rejects(getWeights(dead, { folder }), (error: Error) => {
    assert.ok(error instanceof UserError);
    assert.match(
      error.message,
      /could not be reached \(.*\)\. Without a network: bring some\.safetensors from http:\/\/127/,
    );
    assert.match(error.message, /get some --from FILE/);
    return true;
  });
  fs.writeFileSync(path.join(folder, "part-some.safetensors"), whole.subarray(0, 1234));
  fs.writeFileSync(path.join(folder, "part-some.safetensors.version"), '"1"');
  await assert.rejects(getWeights(dead, { folder }), /broke off after 0\.0 MB .*What has come is kept/);
  await getWeights(entry("breaks"), { folder });
  assert.equal(asked[0]!.range, "bytes=1234-");
});

for (const [where, reason] of [
  ["always-breaks", /broke off after 0\.0 MB/],
  ["claims-more", /broke off after 0\.4 MB/],
  ["claims-less", /is not some\.safetensors: its SHA-256 begins with .{8}, not with/],
  ["another", /is not some\.safetensors: its SHA-256 begins with .{8}, not with/],
  ["page", /is not some\.safetensors/],
  ["endless", /brings more than 0\.8 MB, so it is another file/],
  ["huge", /brings more than 0\.8 MB, so it is another file/],
  ["missing", /is not to be had: the server answered 404/],
] as const)
  test(`a server that "${where}": it is told in a sentence, and no wrong file is kept`, async () => {
    const folder = newFolder();
    await assert.rejects(getWeights(entry(where), { folder }), (error: Error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, reason);
      return true;
    });
    assert.ok(!inside(folder).includes("some.safetensors"));
    if (where === "endless") assert.deepEqual(inside(folder), []);
  });

test("where no digest is known, what comes must at least be weights", async () => {
  const folder = newFolder();
  await assert.rejects(getWeights(entry("page", null), { folder }), /What came from http.*a page of HTML/);
  assert.deepEqual(inside(folder), []);
  assert.equal((await getWeights(entry("another", null), { folder })).digest, sha256(other));
});

test("a file that is here is taken as it is, and compared as well", async () => {
  const folder = newFolder();
  const own = path.join(folder, "mine.bin");
  fs.writeFileSync(own, whole);
  const { file } = await getWeights(entry("missing"), { folder, from: own });
  assert.deepEqual(fs.readFileSync(file), whole);
  assert.deepEqual(asked, []);
  fs.writeFileSync(own, other);
  await assert.rejects(
    getWeights(entry("missing"), { folder, from: own }),
    /mine\.bin is not some\.safetensors/,
  );
  // What was there before stays.
  assert.deepEqual(fs.readFileSync(file), whole);
  await assert.rejects(
    getWeights(entry("whole"), { folder, from: path.join(folder, "absent") }),
    /absent does not exist/,
  );
});
