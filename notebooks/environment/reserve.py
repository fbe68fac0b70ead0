"""Ce que le JupyterLab de l'atelier ajoute au noyau Rust : un noyau prêt avant qu'on le demande, et
des cellules numérotées depuis 1.

Un noyau met une dizaine de secondes à répondre à sa première cellule : il lit la bibliothèque
standard et celles du chapitre. Celui d'avance l'a déjà fait quand un notebook s'ouvre.
"""

import asyncio
import json
from pathlib import Path

import psutil
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import Float, Unicode

# La mémoire, en octets, qui doit rester disponible pour qu'un noyau d'avance démarre : il en prend un
# tiers, et laisse le reste à celui qui travaille.
ENOUGH_MEMORY = 3_000_000_000


class SpareKernelManager(AsyncMappingKernelManager):
    """Garde un noyau d'avance pour le prochain notebook du dossier, et le remplace une fois pris."""

    notebook = Unicode(config=True, help="Le notebook dont la première cellule est préparée.")
    delay = Float(20, config=True, help="Secondes entre la prise d'un noyau et le suivant.")

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._spare = None  # l'identifiant du noyau d'avance
        self._next = None  # la tâche qui le prépare
        self.parent.io_loop.add_callback(self._prepare_later, 0)

    def _folder(self):
        return self.parent.preferred_dir

    def _prepare_later(self, delay):
        self._next = asyncio.ensure_future(self._prepare(delay))

    async def _prepare(self, delay):
        await asyncio.sleep(delay)
        if psutil.virtual_memory().available < ENOUGH_MEMORY:
            self.log.info("Pas de noyau d'avance : il reste trop peu de mémoire.")
            return
        self._spare = self.new_kernel_id()
        relative = Path(self._folder()).relative_to(self.root_dir).as_posix()
        await super()._async_start_kernel(kernel_id=self._spare, path=relative, kernel_name="rust")
        self._warm(self._kernels[self._spare])

    def _warm(self, kernel):
        """Demande de compléter un nom après la première cellule : le noyau lit tout, n'exécute rien."""
        code = first_cell(self.notebook) + "\nlet z = 1.0; z."
        channel = kernel.connect_shell()

        def ready(_):
            channel.close()
            self.log.info("Le noyau d'avance est prêt.")

        channel.on_recv(ready)
        kernel.session.send(channel, "complete_request", {"code": code, "cursor_pos": len(code)})

    async def _async_start_kernel(self, *, kernel_id=None, path=None, **kwargs):
        name = kwargs.get("kernel_name") or "rust"
        here = path is not None and Path(self.cwd_for_path(path)) == Path(self._folder())
        if kernel_id is None and name == "rust" and here and self._spare in self._kernels:
            kernel_id, self._spare = self._spare, None
            self._prepare_later(self.delay)
            return kernel_id
        return await super()._async_start_kernel(kernel_id=kernel_id, path=path, **kwargs)

    start_kernel = _async_start_kernel

    def list_kernels(self):
        """Celui d'avance n'est à personne : il ne se voit pas."""
        return [kernel for kernel in super().list_kernels() if kernel["id"] != self._spare]

    async def _async_shutdown_all(self, now=False):
        if self._next is not None:
            self._next.cancel()
        await super()._async_shutdown_all(now=now)

    shutdown_all = _async_shutdown_all


def first_cell(notebook):
    """Ce qui est écrit dans la première cellule de code."""
    cells = json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]
    return next("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


class NumberedConnection(ZMQChannelsWebsocketConnection):
    """Numérote les cellules depuis 1, comme le livre : evcxr 0.22 commence à 2."""

    def handle_outgoing_message(self, stream, outgoing_msg):
        idents, parts = self.session.feed_identities(outgoing_msg)
        content = self.session.unpack(parts[4])
        if "execution_count" in content:
            content["execution_count"] -= 1
            parts[4] = self.session.pack(content)
            parts[0] = self.session.sign(parts[1:5])
        super().handle_outgoing_message(stream, [*idents, b"<IDS|MSG>", *parts])
