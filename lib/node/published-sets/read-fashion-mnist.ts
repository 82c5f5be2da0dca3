import * as fs from "node:fs";
import * as path from "node:path";
import { type GreyImageSet, readFashionMnist as parse } from "../../datasets/published/fashion-mnist";
import { UserError } from "../../runtime/user-error";
import { cacheFolder } from "../files";
import { setFiles } from "./set-files";

/** Where `npm run datasets -- get fashion-mnist` puts it. */
export const fashionMnistFolder = () => path.join(cacheFolder(), "fashion-mnist");

/**
 * Fashion-MNIST, 60,000 training and 10,000 test images of 28 × 28 pixels.
 * @param folder of its four files, unpacked or as `.gz`; if none is given, where `npm run datasets -- get fashion-mnist` puts them
 * @throws UserError where a file is missing or damaged
 */
export function readFashionMnist(folder = fashionMnistFolder()): GreyImageSet {
  if (!fs.existsSync(folder))
    throw new UserError(
      `Fashion-MNIST is not in ${folder}. \`npm run datasets -- get fashion-mnist\` brings it.`,
    );
  return parse(setFiles(folder, "Fashion-MNIST"));
}
