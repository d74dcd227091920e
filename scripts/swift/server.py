"""Of an OpenStack Swift that lives in a folder, one server: python3 server.py FOLDER proxy|account|container|object;
or the rings, which say where the others are: python3 server.py FOLDER rings ACCOUNT-PORT CONTAINER-PORT OBJECT-PORT."""
import ctypes
import sys
from os import path

from swift.common import utils, wsgi


def build_rings(folder, ports):
    from swift.common.ring import RingBuilder

    for kind, port in zip(('account', 'container', 'object'), ports):
        builder = RingBuilder(part_power=2, replicas=1, min_part_hours=0)
        here = {'ip': '127.0.0.1', 'port': int(port), 'device': 'disk', 'weight': 1, 'region': 1, 'zone': 1}
        builder.add_dev({**here, 'replication_ip': here['ip'], 'replication_port': here['port']})
        builder.rebalance()
        builder.get_ring().save(path.join(folder, kind + '.ring.gz'))


def serve(folder, kind):
    options = {}
    if kind == 'object':
        from swift.obj import server

        options['global_conf_callback'] = server.global_conf_callback
    return wsgi.run_wsgi(path.join(folder, kind + '.conf'), kind + '-server', **options)


folder, command, *ports = sys.argv[1:]
# Whoever started it is gone, however that happened: SIGKILL (9) comes by PR_SET_PDEATHSIG (1).
ctypes.CDLL(None).prctl(1, 9)
# Otherwise its configuration is looked for in /etc/swift.
utils.set_swift_dir(folder)
sys.exit(build_rings(folder, ports) if command == 'rings' else serve(folder, command))
