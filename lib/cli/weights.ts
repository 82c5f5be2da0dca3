import { runMain } from "./run-main";
import { get } from "./weights/get";
import { listWeights } from "./weights/list";
import { HELP, readOptions } from "./weights/options";
import { describeFile } from "./weights/show";

async function main(): Promise<void> {
  const wanted = readOptions(process.argv.slice(2));
  switch (wanted.action) {
    case "help":
      return console.log(HELP);
    case "list":
      return console.log(listWeights());
    case "get":
      return console.log(await get(wanted.name, wanted.from));
    case "show":
      return console.log(await describeFile(wanted.file));
  }
}

runMain(main);
