"""Where things are. What examples/cortex-m has to run and to measure firmware is used from there."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "../../.."))
INPUTS = os.path.join(ROOT, "benches/inputs")
HEADER = os.path.join(ROOT, "include/pos_token.h")

sys.path.insert(0, os.path.join(ROOT, "examples/cortex-m/run"))
