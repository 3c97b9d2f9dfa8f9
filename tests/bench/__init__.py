"""How fast it is, measured on the machine at hand against real parts: `./huajie bench`.

Absolute figures depend on the disk and the processor, so most goals are ratios of two figures of the same run.
"""
