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
from tornado import web
from traitlets import Bool, Float, Unicode

# La mémoire, en octets, qui doit rester disponible pour qu'un noyau d'avance démarre : il en prend un
# tiers, et laisse le reste à celui qui travaille.
ENOUGH_MEMORY = 3_000_000_000
# Combien de fois le noyau d'avance exécute la première cellule. evcxr range autrement trois « :dep »
# quand il les relit, et analyse alors tout de nouveau : à la troisième fois, rien ne change plus.
HIDDEN = 2


class AtelierKernelManager(AsyncMappingKernelManager):
    """Garde un noyau d'avance pour le prochain notebook du dossier, et le remplace une fois pris."""

    spare = Bool(True, config=True, help="Garder un noyau d'avance.")
    notebook = Unicode(config=True, help="Le notebook dont la première cellule est préparée.")
    delay = Float(20, config=True, help="Secondes entre la prise d'un noyau et le suivant.")

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._spare = None  # l'identifiant du noyau d'avance, dès qu'il démarre
        self._task = None  # ce qui le démarre
        if self.spare:
            self.parent.io_loop.add_callback(self._plan, 0)

    def _plan(self, delay):
        self._task = asyncio.ensure_future(self._prepare(delay))

    async def _prepare(self, delay):
        await asyncio.sleep(delay)
        if psutil.virtual_memory().available < ENOUGH_MEMORY:
            self.log.info("Pas de noyau d'avance : il reste trop peu de mémoire.")
            return
        self._spare = self.new_kernel_id()
        folder = Path(self.parent.preferred_dir).relative_to(self.root_dir).as_posix()
        try:
            await super()._async_start_kernel(kernel_id=self._spare, path=folder, kernel_name="rust")
            self._warm(self.get_kernel(self._spare))
        except Exception:
            self.log.exception("Pas de noyau d'avance : il ne démarre pas.")
            self._spare = None

    def _warm(self, kernel):
        """Exécute la première cellule, puis demande de compléter un nom : le noyau lit tout d'avance."""
        channel = kernel.connect_shell()
        left = [HIDDEN + 1]

        def answered(_):
            left[0] -= 1
            if left[0] == 0:
                channel.close()
                self.log.info("Le noyau d'avance est prêt.")

        channel.on_recv(answered)
        hidden = {"code": first_cell(self.notebook), "silent": True, "store_history": False}
        for _ in range(HIDDEN):
            kernel.session.send(channel, "execute_request", hidden)
        name = {"code": "let z = 1.0; z.", "cursor_pos": 15}
        kernel.session.send(channel, "complete_request", name)
        kernel.hidden = HIDDEN
        kernel.add_restart_callback(lambda: self._restarted(kernel), "restart")

    def _restarted(self, kernel):
        """Après un redémarrage, plus rien n'a été exécuté en cachette."""
        kernel.hidden = 0

    async def _async_restart_kernel(self, kernel_id, now=False):
        self._restarted(self.get_kernel(kernel_id))
        answered = await super()._async_restart_kernel(kernel_id, now=now)
        # evcxr s'arrête s'il répond à qui n'écoute plus : l'interface ne doit pas se reconnecter, et
        # répéter sa question, avant qu'il soit là.
        await answered
        return answered

    restart_kernel = _async_restart_kernel

    async def _async_start_kernel(self, *, kernel_id=None, path=None, **kwargs):
        name = kwargs.get("kernel_name") or "rust"
        here = path is not None and self.cwd_for_path(path) == self.parent.preferred_dir
        if kernel_id is None and name == "rust" and here and self._spare:
            await self._task  # il démarre peut-être encore
            taken, self._spare = self._spare, None
            if taken in self:
                self._plan(self.delay)
                return taken
        return await super()._async_start_kernel(kernel_id=kernel_id, path=path, **kwargs)

    start_kernel = _async_start_kernel

    def kernel_model(self, kernel_id):
        """Celui d'avance n'est à personne : il ne se voit pas."""
        if kernel_id == self._spare:
            raise web.HTTPError(404, "Ce noyau n'est encore à personne.")
        return super().kernel_model(kernel_id)

    async def _async_shutdown_all(self, now=False):
        if self._task is not None:
            self._task.cancel()
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
            content["execution_count"] -= 1 + getattr(self.kernel_manager, "hidden", 0)
            parts[4] = self.session.pack(content)
            parts[0] = self.session.sign(parts[1:5])
        super().handle_outgoing_message(stream, [*idents, b"<IDS|MSG>", *parts])
