#!/bin/sh
# Tests this machine's graphics card and writes gpu-report.json, or the file that is named, in the current folder.
here=$(cd "$(dirname "$0")" && pwd)
# A system with a loader of its own has what the loader needs.
if ! ldconfig -p 2>/dev/null | grep -q libvulkan.so.1; then
  export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$here/vulkan"
fi
# Containers mount NVIDIA's driver where the loader does not look.
for driver in /usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json /usr/local/nvidia/vulkan/icd.d/nvidia_icd.json; do
  if [ -f "$driver" ]; then export VK_ADD_DRIVER_FILES="${VK_ADD_DRIVER_FILES:+$VK_ADD_DRIVER_FILES:}$driver"; fi
done
exec "$here/bin/node" "$here/lib/cli/doctor/gpu/main.js" "$@"
