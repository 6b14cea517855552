"""What counts, counts for all processes: a one-time code is accepted once, however many are asked."""

import subprocess
import sys

import pytest

from web.running.installation import SETUP, Installation

ACTIVATE = """
from allauth.mfa.totp.internal.auth import TOTP
from linli.web.foundation.accounts.models import User
TOTP.activate(User.objects.get(username="minjing"), "JBSWY3DPEHPK3PXP")
"""
CODE = """
import sys
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
# The same half minute in all processes, however long they take to begin.
auth.yield_hotp_counters_from_time = lambda: iter([55_555_555])
factor = Authenticator.objects.get(type="totp").wrap()
code = auth.format_hotp_value(auth.hotp_value("JBSWY3DPEHPK3PXP", 55_555_555))
print("ready", flush=True)
sys.stdin.readline()
print("accepted" if factor.validate_code(code) else "refused", flush=True)
"""


# Guard 5
@pytest.mark.postgresql_alone
def test_three_processes_that_are_given_one_code_at_once_accept_it_once(staffed: Installation) -> None:
    staffed.python(ACTIVATE)
    asked = [
        subprocess.Popen(
            [sys.executable, "-c", SETUP + CODE],
            env=staffed.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    staffed.processes.extend(asked)
    for one in asked:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in asked:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    answers = sorted(one.communicate(timeout=60)[0].strip() for one in asked)
    assert answers == ["accepted", "refused", "refused"]
