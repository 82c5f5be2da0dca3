// This library's side of a case, in a process of its own: `node main.js JOB`.
import * as readline from "node:readline";
import { startTensorFlow } from "../../../node/start-tensorflow";
import { type Job, type Question, REPLY_MARK, type Reply } from "../job";
import { makeWorkload } from "./make-workload";
import type { Workload } from "./workload";

async function main(): Promise<void> {
  const { tensorflow, tfjs, node, device } = await startTensorFlow("native");
  const workload = await makeWorkload(JSON.parse(process.argv[2]!) as Job);
  reply({
    ready: true,
    versions: { processor: device, Node: node, "TensorFlow.js": tfjs, TensorFlow: tensorflow! },
  });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    reply(await answer(workload, JSON.parse(line) as Question));
  }
}

async function answer(workload: Workload, question: Question): Promise<Reply> {
  switch (question.ask) {
    case "check":
      return { values: await workload.check() };
    case "run": {
      let result: unknown;
      const start = performance.now();
      for (let call = 0; call < question.calls; call++) result = await workload.run();
      return { milliseconds: (performance.now() - start) / question.calls, result };
    }
    case "memory":
      // Node gives kibibytes on every system.
      return { megabytes: (process.resourceUsage().maxRSS * 1024) / 1e6 };
  }
}

function reply(message: Reply): void {
  process.stdout.write(`${REPLY_MARK}${JSON.stringify(message)}\n`);
}

void main();
