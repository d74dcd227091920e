"""The four servers of an OpenStack Swift that lives in a folder, until SIGTERM: python3 server.py FOLDER;
or its rings, which say where the others are: python3 server.py FOLDER ACCOUNT-PORT CONTAINER-PORT OBJECT-PORT."""
import ctypes
import os
import signal
import sys

from swift.common import utils, wsgi

STORAGE = ('account', 'container', 'object')


def build_rings(folder, ports):
    from swift.common.ring import RingBuilder

    for kind, port in zip(STORAGE, ports):
        builder = RingBuilder(part_power=2, replicas=1, min_part_hours=0)
        here = {'ip': '127.0.0.1', 'port': int(port), 'device': 'disk', 'weight': 1, 'region': 1, 'zone': 1}
        builder.add_dev({**here, 'replication_ip': here['ip'], 'replication_port': here['port']})
        builder.rebalance()
        builder.get_ring().save(os.path.join(folder, kind + '.ring.gz'))


def end_with_parent():
    # SIGKILL (9) by PR_SET_PDEATHSIG (1): whoever started it is gone, however that happened.
    ctypes.CDLL(None).prctl(1, 9)


def start(folder, kind):
    pid = os.fork()
    if pid == 0:
        end_with_parent()
        from swift.obj.server import global_conf_callback

        options = {'global_conf_callback': global_conf_callback} if kind == 'object' else {}
        os._exit(wsgi.run_wsgi(os.path.join(folder, kind + '.conf'), kind + '-server', **options) or 0)
    return pid


def serve(folder):
    end_with_parent()
    # Loaded once for all four, which is most of what their start takes.
    utils.eventlet_monkey_patch()
    from swift.account import server as _account  # noqa: F401
    from swift.common.middleware.s3api import s3api as _s3api  # noqa: F401
    from swift.container import server as _container  # noqa: F401
    from swift.obj import server as _object  # noqa: F401
    from swift.proxy import server as _proxy  # noqa: F401

    pids = set()

    def stop(*_):
        # They would answer SIGTERM by ending all of their process group.
        for pid in pids:
            os.kill(pid, signal.SIGKILL)

    signal.signal(signal.SIGTERM, stop)
    for kind in (*STORAGE, 'proxy'):
        pids.add(start(folder, kind))
    # One that ends by itself takes the others with it.
    while pids:
        pids.discard(os.wait()[0])
        stop()


folder, *ports = sys.argv[1:]
# Otherwise its configuration is looked for in /etc/swift.
utils.set_swift_dir(folder)
if ports:
    build_rings(folder, ports)
else:
    serve(folder)
