"""Dit la version d'un noyau Rust de Jupyter, en la lui demandant.

    python version.py PROGRAMME
"""

import subprocess
import sys

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

manager = KernelManager()
# evcxr_jupyter n'a pas d'option pour cela : il faut le démarrer.
manager._kernel_spec = KernelSpec(argv=[sys.argv[1], "--control_file", "{connection_file}"])
manager.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # ce qu'il dit n'est pas pour nous
try:
    client = manager.blocking_client()
    client.start_channels()
    print(client.kernel_info(reply=True, timeout=60)["content"]["implementation_version"])
finally:
    manager.shutdown_kernel(now=True)
