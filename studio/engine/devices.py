"""Devices: which there are, which is meant, how much room they have; and torch's threads."""

import os

import psutil
import torch
from torch import Tensor

from studio.core.design.training import AUTO
from studio.core.problems import Place, refuse
from studio.core.run.results import DeviceInfo
from studio.core.words import tr

CPU, CUDA, MPS = "cpu", "cuda", "mps"


def devices() -> tuple[DeviceInfo, ...]:
    """Every kind of device, and for those that are missing why, in plain words."""
    return (DeviceInfo(CPU, tr("Processor"), True), _cuda(), _mps())


def resolve(key: str) -> torch.device:
    """The device that a setting means; "auto" is the fastest here. StudioError if missing."""
    known = {info.key: info for info in devices()}
    if key == AUTO:
        key = next(kind for kind in (CUDA, MPS, CPU) if known[kind].is_available)
    info = known.get(key)
    if info is None or not info.is_available:
        reason = info.reason if info else tr("it is not known")
        raise refuse(
            tr("The device {device} cannot be used: {reason}.", device=key[:60], reason=reason),
            tr("Choose another device."),
            place=Place("field", "device"),
            code="no-device",
        )
    return torch.device(key)


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def is_busy() -> bool:
    """True where more than half of the cores have had work to do for the last minute."""
    return bool(psutil.getloadavg()[0] > cores() / 2)


def use_threads(count: int) -> None:
    """So many threads of torch for what this thread computes."""
    if torch.get_num_threads() != count:
        torch.set_num_threads(count)


def use_one_thread() -> None:
    """One thread of torch for this run: measured, two are several times slower on a busy machine.

    It leaves a core to the window, and sums come out the same to the last bit.
    """
    use_threads(1)


def free_memory(device: torch.device) -> int:
    """How many bytes can still be had there."""
    if device.type == CUDA:
        return int(torch.cuda.mem_get_info(device)[0])
    return int(psutil.virtual_memory().available)


def random_states(device: torch.device) -> dict[str, Tensor]:
    """Where torch's random numbers stand, on the processor and on the device."""
    states = {CPU: torch.get_rng_state()}
    if device.type == CUDA:
        states[CUDA] = torch.cuda.get_rng_state(device)
    elif device.type == MPS:
        states[MPS] = torch.mps.get_rng_state()
    return states


def set_random_states(device: torch.device, states: dict[str, Tensor]) -> None:
    """Puts torch's random numbers back to where they stood."""
    torch.set_rng_state(states[CPU])
    if device.type == CUDA and CUDA in states:
        torch.cuda.set_rng_state(states[CUDA], device)
    elif device.type == MPS and MPS in states:
        torch.mps.set_rng_state(states[MPS])


def _cuda() -> DeviceInfo:
    if torch.cuda.is_available():
        return DeviceInfo(CUDA, torch.cuda.get_device_name(0), True)
    if torch.version.cuda is None:
        reason = tr("this installation of torch was made without CUDA")
    else:
        reason = tr("no NVIDIA graphics card with a working driver was found")
    return DeviceInfo(CUDA, tr("NVIDIA graphics card"), False, reason)


def _mps() -> DeviceInfo:
    if torch.backends.mps.is_available():
        return DeviceInfo(MPS, tr("Apple graphics"), True)
    if torch.backends.mps.is_built():
        reason = tr("this version of macOS is too old for it")
    else:
        reason = tr("it is there on Macs with an Apple processor only")
    return DeviceInfo(MPS, tr("Apple graphics"), False, reason)
