"""gunicorn's settings for a peer; the calibration chooses the worker class and the threads."""

import os

bind = f"127.0.0.1:{os.environ['PORT']}"
workers = os.cpu_count() or 1
worker_class = os.environ["BENCH_WORKER_CLASS"]
threads = int(os.environ["BENCH_THREADS"])
# Seconds that an idle connection is kept; 0 closes it after each response, as sync workers always do.
keepalive = int(os.environ["BENCH_KEEPALIVE"])
preload_app = True
control_socket_disable = True
worker_tmp_dir = "/dev/shm"  # noqa: S108 - memory, as in the product's own settings
accesslog = None
loglevel = "warning"
