#!/bin/sh
# Tests this machine's graphics card and writes gpu-report.json, or the file that is named, in the current folder.
here=$(cd "$(dirname "$0")" && pwd)
# The loader that was packed comes after the system's own.
export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$here/vulkan"
if ldconfig -p 2>/dev/null | grep -q libvulkan.so.1; then LD_LIBRARY_PATH=${LD_LIBRARY_PATH%"$here/vulkan"}; fi
# Containers mount NVIDIA's driver where the loader does not look.
for driver in /usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json /usr/local/nvidia/vulkan/icd.d/nvidia_icd.json; do
  if [ -f "$driver" ]; then export VK_ADD_DRIVER_FILES="${VK_ADD_DRIVER_FILES:+$VK_ADD_DRIVER_FILES:}$driver"; fi
done
exec "$here/bin/node" "$here/lib/cli/doctor/gpu/main.js" "$@"
