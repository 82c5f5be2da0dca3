"""Unpacks what the addon needs from a wheel: python extract_wheel.py WHEEL FOLDER PREFIX [PREFIX ...]

Prints "megabytes-done megabytes-all" as it goes. A damaged archive ends it with an error (every file's checksum is
compared).
"""

import os
import sys
import zipfile

wheel, folder, prefixes = sys.argv[1], sys.argv[2], tuple(sys.argv[3:])

with zipfile.ZipFile(wheel) as archive:
    wanted = [info for info in archive.infolist() if info.filename.startswith(prefixes) and not info.is_dir()]
    total = sum(info.file_size for info in wanted)
    done = 0
    for info in wanted:
        target = os.path.join(folder, *info.filename.split("/"))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with archive.open(info) as source, open(target, "wb") as file:
            while block := source.read(8 << 20):
                file.write(block)
                done += len(block)
                print(done // 1_000_000, total // 1_000_000, flush=True)
