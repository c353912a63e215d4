"""The line test: a real phone calls the office and tells, step by step, what worked.

The phone is pyVoIP's `VoIPPhone`, a stranger to our own SIP and RTP. It signs in, calls the echo,
hears its own tone come back, presses keys, hangs up and signs out. `runner` starts it in a child
process (`__main__`, then `phone`) and reads its `steps`; whoever tests a line needs only this door.
"""

from pbx.probe.runner import probe, run_probe
from pbx.probe.steps import Step

__all__ = ["Step", "probe", "run_probe"]
