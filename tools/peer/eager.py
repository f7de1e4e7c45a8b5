"""Model and training step of the libtorch baseline in PyTorch eager on a GPU, to compare with --accelerator cuda on the same device.

Prints JSON: milliseconds of a training step of 64 images and seconds of an epoch of 60,000, in float32 and, to compare, with TF32.
The model, the map and the schedules are those of Models.cs, SomMap.cs and TrainerFactory.cs beside this file. Images are on the device as
bytes and are gathered there; losses of a block of steps are read together. cuDNN may choose its fastest algorithms during the warm-up.

    python3 tools/peer/eager.py [--data DIR] [--device cuda]
"""
import argparse
import gzip
import json
import math
import pathlib
import statistics
import time

import torch
from torch import nn
from torch.nn import functional

BATCH, LATENT, SIDE, UNITS = 64, 32, 12, 144
EPOCHS, WARM_UP, BLOCK, BLOCKS = 20, 50, 50, 6


class LatentAttention(nn.Module):
    """One pre-norm self-attention block over 8 tokens of 4 latent values; no skip around the block."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(4, 32)
        self.position = nn.Parameter(0.02 * torch.randn(8, 32))
        self.norm = nn.LayerNorm(32)
        self.qkv = nn.Linear(32, 96, bias=False)
        self.mix = nn.Linear(32, 32)
        self.out = nn.Linear(32, 4)

    def forward(self, v):
        batch = v.shape[0]
        tokens = self.embed(v.view(batch, 8, 4)) + self.position
        q, k, w = self.qkv(self.norm(tokens)).view(batch, 8, 3, 4, 8).permute(2, 0, 3, 1, 4).unbind(0)
        heads = functional.scaled_dot_product_attention(q, k, w)
        mixed = tokens + self.mix(heads.transpose(1, 2).reshape(batch, 8, 32))
        return self.out(mixed).view(batch, LATENT)


class Trainer:
    """Autoencoder, map and optimizer, with a training step."""

    def __init__(self, device):
        self.encode = nn.Sequential(
            nn.Conv2d(1, 32, 3, stride=2, padding=1), nn.ReLU(),
            nn.Conv2d(32, 64, 3, stride=2, padding=1), nn.ReLU(),
            nn.Flatten(), nn.Linear(64 * 7 * 7, LATENT), LatentAttention()).to(device)
        self.decode = nn.Sequential(
            nn.Linear(LATENT, 64 * 7 * 7), nn.ReLU(), nn.Unflatten(1, (64, 7, 7)),
            nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1), nn.ReLU(),
            nn.ConvTranspose2d(32, 1, 4, stride=2, padding=1), nn.Sigmoid()).to(device)
        self.adam = torch.optim.Adam([*self.encode.parameters(), *self.decode.parameters()], lr=2e-3)
        self.codebook = 0.1 * torch.randn(UNITS, LATENT, device=device)
        unit = torch.arange(UNITS, device=device)
        place = torch.stack([unit // SIDE, unit % SIDE], 1).float()
        self.grid_distance2 = (place[:, None] - place[None, :]).square().sum(2)

    def step(self, x, t):
        """Trains on images x at progress t in [0, 1); returns the three losses, on the device."""
        v = self.encode(x)
        constant = v.detach()
        bmu = torch.addmm(self.codebook.square().sum(1), constant, self.codebook.t(), beta=1, alpha=-2).argmin(1)
        w = self.codebook.index_select(0, bmu)
        y = self.decode(torch.cat([v, v + (w - constant)], 0))
        mse_e = functional.mse_loss(y[:len(x)], x)
        mse_q = functional.mse_loss(y[len(x):], x)
        commit = functional.mse_loss(v, w)
        self.adam.zero_grad()
        (mse_e + 0.25 * mse_q + 0.25 * commit).backward()
        for group in self.adam.param_groups:
            group["lr"] = 1e-4 + 0.5 * (2e-3 - 1e-4) * (1 + math.cos(math.pi * t))
        self.adam.step()
        self.update_map(constant, bmu, 0.3 * (0.01 / 0.3) ** t, 4 * (0.6 / 4) ** min(1, t / 0.8))
        return mse_e.detach(), mse_q.detach(), commit.detach()

    @torch.no_grad()
    def update_map(self, v, bmu, eta, sigma):
        hits = v.new_zeros(UNITS).index_add_(0, bmu, v.new_ones(len(v)))
        sums = v.new_zeros(UNITS, LATENT).index_add_(0, bmu, v)
        h = (self.grid_distance2 * (-0.5 / (sigma * sigma))).exp_()
        a = h.mv(hits)
        target = h.mm(sums) / a.clamp_min(1e-30).unsqueeze(1)
        rate = (a.clamp_max(50) * math.log(1 - eta)).expm1().neg()
        self.codebook.add_(rate.unsqueeze(1) * (target - self.codebook))


def measure(images, tf32):
    """Times blocks of steps, then an epoch, each synchronized with the device at its end."""
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = tf32
    torch.manual_seed(1)
    device, steps = images.device, -(-len(images) // BATCH)
    trainer, order = Trainer(device), torch.randperm(len(images), device=device)

    def run(count):
        began, losses = time.perf_counter(), []
        for step in range(count):
            indices = order[step * BATCH:(step + 1) * BATCH]
            x = images.index_select(0, indices).float().div_(255).view(-1, 1, 28, 28)
            losses.append(torch.stack(trainer.step(x, step / (EPOCHS * steps))))
            if len(losses) == BLOCK or step == count - 1:
                last = torch.stack(losses).tolist()[-1]  # synchronizes
                losses.clear()
        return time.perf_counter() - began, last

    run(WARM_UP)
    times = [run(BLOCK)[0] * 1e3 / BLOCK for _ in range(BLOCKS)]
    run(steps)
    seconds, losses = run(steps)
    return {
        "tf32": tf32, "ms_per_step": statistics.median(times), "least_ms": min(times), "most_ms": max(times),
        "epoch_seconds": seconds, "epoch_steps": steps, "last_losses": losses,
    }


parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2] / "data" / "fashion-mnist")
parser.add_argument("--device", default="cuda")
options = parser.parse_args()
torch.backends.cudnn.benchmark = True
pixels = bytearray(gzip.decompress((options.data / "train-images-idx3-ubyte.gz").read_bytes())[16:])
train = torch.frombuffer(pixels, dtype=torch.uint8).view(-1, 784).to(options.device)
name = torch.cuda.get_device_name(train.device) if train.is_cuda else options.device
runs = [measure(train, tf32) for tf32 in (False, True)]
print(json.dumps({"device": name, "torch": torch.__version__, "batch": BATCH, "runs": runs}, indent=2))
