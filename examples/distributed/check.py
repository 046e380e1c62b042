"""Runs example_distributed_digits on 1 to 4 processes: the tables must be the same, also if 4 processes save and 3 continue;
and where a process differs, dies or hangs, the job must say so and end.

usage: check.py MPIRUN PROGRAM
"""
import os
import subprocess
import sys
import tempfile
import time

mpirun, program = sys.argv[1:3]


def run(ranks, *arguments, status=0):
    """The output of a job, and what it said to the standard error."""
    command = [mpirun, "--oversubscribe", "-n", str(ranks), program, *arguments]
    environment = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    begin = time.monotonic()
    job = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)
    if (job.returncode != 0) != (status != 0):
        sys.exit(f"{' '.join(command)} ended with status {job.returncode}:\n{job.stdout}{job.stderr}")
    print(f"{ranks} {' '.join(arguments[:1])}: status {job.returncode}, {time.monotonic() - begin:.1f} s")
    return job.stdout, job.stderr


def expect(condition, what):
    if not condition:
        sys.exit(f"check.py: {what}")


table, _ = run(1)
expect(table.count("\n") == 8, f"a table of 8 lines, got\n{table}")
for ranks in 2, 3, 4:
    expect(run(ranks)[0] == table, f"the table of {ranks} processes differs")
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "run.index")
    first, _ = run(4, "save", path)
    rest, _ = run(3, "load", path)
    expect(first + rest == table, f"the table of 4 processes and then 3 differs:\n{first}{rest}")
_, said = run(3, "differ", status=1)
for rank in range(3):
    expect(f"rank {rank}: gradus::Sharded.schedule must be the same on every rank" in said, said)
run(3, "die", status=1)
_, said = run(3, "hang", status=1)
expect("gradus::MpiComm.wait must end within 10 s" in said, said)
print(table, end="")
