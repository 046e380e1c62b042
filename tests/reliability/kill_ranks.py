"""Kills one of three processes of MPI that save again and again: at random moments, and at each exchange of a load, a step
and a save. The job must end with a status that is not 0, and leave a whole set, the last one or a later one.

usage: kill_ranks.py MPIRUN PROGRAM [KILLS]
"""
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

mpirun, program = sys.argv[1:3]
kills = int(sys.argv[3]) if len(sys.argv) > 3 else 10
ranks = 3
environment = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
chance = random.Random(1)
longest = 0.0  # seconds from a kill to the end of the job


def start(*arguments):
    return subprocess.Popen([mpirun, "--oversubscribe", "-n", str(ranks), program, *arguments], env=environment,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def steps_of(path):
    """The steps of the set that is there; the program refuses a mixture."""
    done = subprocess.run([program, path, "check"], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        sys.exit(f"kill_ranks.py: no whole set is left: {done.stdout}{done.stderr}")
    return int(done.stdout)


def numbers_of_processes(path):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        files = [pathlib.Path(f"{path}-pid-{r}") for r in range(ranks)]
        if all(f.exists() and f.read_text().endswith("\n") for f in files):
            numbers = [int(f.read_text()) for f in files]
            for f in files:
                f.unlink()
            return numbers
        time.sleep(0.01)
    sys.exit("kill_ranks.py: the processes did not start")


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "run.index")
    steps = later = 0
    for k in range(kills):
        job = start(path, "train")
        processes = numbers_of_processes(path)
        time.sleep(chance.uniform(0, 0.3))
        os.kill(processes[k % ranks], signal.SIGKILL)
        killed = time.monotonic()
        if job.wait(timeout=60) == 0:
            sys.exit("kill_ranks.py: the status of a job was 0")
        longest = max(longest, time.monotonic() - killed)
        now = steps_of(path)
        if now < steps:
            sys.exit(f"kill_ranks.py: an older set was loaded: {now} after {steps} steps")
        later += now > steps
        steps = now
    exchange = 0
    while True:
        job = start(path, "train", str(exchange), str(exchange % ranks))
        status = job.wait(timeout=60)
        now = steps_of(path)
        if now not in (steps, steps + 1) or (status == 0 and now == steps):
            sys.exit(f"kill_ranks.py: {now} steps after {steps}, status {status}")
        steps = now
        if status == 0:
            break  # there are no more exchanges
        exchange += 1
print(f"{kills} kills at random moments, {later} of them after a save, and one at each of {exchange} exchanges: always a "
      f"whole set and a status that is not 0, at most {longest:.1f} s after the kill")
