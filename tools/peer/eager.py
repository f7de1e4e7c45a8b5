"""Model and training step of the libtorch baseline in PyTorch on a GPU, to compare with --accelerator cuda on the same device.

Prints JSON: milliseconds of a training step and seconds of an epoch of 60,000 images, of batches of 64 and 1,024, in float32 and, to
compare, with TF32: eager, with torch.compile(mode="max-autotune"), as a CUDA graph captured by hand, and both together; "fastest" has
the least milliseconds of each batch without TF32. A way that fails has its message in place of numbers.
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

LATENT, SIDE, UNITS = 32, 12, 144
BATCHES, WAYS = (64, 1024), ("eager", "compile", "graph", "compile+graph")
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
    """Autoencoder, map and optimizer, with a training step; its rates are on the device if it is compiled or captured."""

    def __init__(self, device, way):
        self.encode = nn.Sequential(
            nn.Conv2d(1, 32, 3, stride=2, padding=1), nn.ReLU(),
            nn.Conv2d(32, 64, 3, stride=2, padding=1), nn.ReLU(),
            nn.Flatten(), nn.Linear(64 * 7 * 7, LATENT), LatentAttention()).to(device)
        self.decode = nn.Sequential(
            nn.Linear(LATENT, 64 * 7 * 7), nn.ReLU(), nn.Unflatten(1, (64, 7, 7)),
            nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1), nn.ReLU(),
            nn.ConvTranspose2d(32, 1, 4, stride=2, padding=1), nn.Sigmoid()).to(device)
        self.rates = None if way == "eager" else torch.tensor([2e-3, -0.3, -0.5], device=device)
        self.adam = torch.optim.Adam(
            [*self.encode.parameters(), *self.decode.parameters()],
            **({"lr": 2e-3} if way == "eager" else {"lr": self.rates[0], "fused": True, "capturable": True}))
        self.codebook = 0.1 * torch.randn(UNITS, LATENT, device=device)
        unit = torch.arange(UNITS, device=device)
        place = torch.stack([unit // SIDE, unit % SIDE], 1).float()
        self.grid_distance2 = (place[:, None] - place[None, :]).square().sum(2)
        self.graph, self.images, self.results = None, None, None
        if "compile" in way:
            mode = "max-autotune" if way == "compile" else "max-autotune-no-cudagraphs"
            self.losses = torch.compile(self.losses, mode=mode)
            self.update_map = torch.compile(self.update_map, mode="max-autotune-no-cudagraphs")

    def step(self, x, t):
        """Trains on images x at progress t in [0, 1); returns the three losses, on the device."""
        rate = 1e-4 + 0.5 * (2e-3 - 1e-4) * (1 + math.cos(math.pi * t))
        eta, sigma = 0.3 * (0.01 / 0.3) ** t, 4 * (0.6 / 4) ** min(1, t / 0.8)
        log_keep, falloff = math.log(1 - eta), -0.5 / (sigma * sigma)
        if self.rates is None:
            for group in self.adam.param_groups:
                group["lr"] = rate
        else:
            self.rates.copy_(torch.tensor([rate, log_keep, falloff]))
            log_keep, falloff = self.rates[1], self.rates[2]
        if self.graph is None or len(x) != len(self.images):
            return self.learn(x, log_keep, falloff)
        self.images.copy_(x)
        self.graph.replay()
        return self.results.clone()

    def capture(self, x):
        """Captures the step of a batch of this size as a CUDA graph, after some steps on another stream."""
        self.images = x.clone()
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                self.learn(self.images, self.rates[1], self.rates[2])
        torch.cuda.current_stream().wait_stream(stream)
        self.adam.zero_grad()
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.results = self.learn(self.images, self.rates[1], self.rates[2])

    def learn(self, x, log_keep, falloff):
        loss, parts, v, bmu = self.losses(x)
        self.adam.zero_grad()
        loss.backward()
        self.adam.step()
        self.update_map(v, bmu, log_keep, falloff)
        return parts

    def losses(self, x):
        """Returns the loss, its three parts, the codes and their units."""
        v = self.encode(x)
        constant = v.detach()
        bmu = torch.addmm(self.codebook.square().sum(1), constant, self.codebook.t(), beta=1, alpha=-2).argmin(1)
        w = self.codebook.index_select(0, bmu)
        y = self.decode(torch.cat([v, v + (w - constant)], 0))
        mse_e = functional.mse_loss(y[:len(x)], x)
        mse_q = functional.mse_loss(y[len(x):], x)
        commit = functional.mse_loss(v, w)
        return mse_e + 0.25 * mse_q + 0.25 * commit, torch.stack([mse_e, mse_q, commit]).detach(), constant, bmu

    @torch.no_grad()
    def update_map(self, v, bmu, log_keep, falloff):
        hits = v.new_zeros(UNITS).index_add_(0, bmu, v.new_ones(len(v)))
        sums = v.new_zeros(UNITS, LATENT).index_add_(0, bmu, v)
        h = (self.grid_distance2 * falloff).exp_()
        a = h.mv(hits)
        target = h.mm(sums) / a.clamp_min(1e-30).unsqueeze(1)
        rate = (a.clamp_max(50) * log_keep).expm1().neg()
        self.codebook.add_(rate.unsqueeze(1) * (target - self.codebook))


def measure(images, tf32, batch, way):
    """Times blocks of steps, then an epoch, each synchronized with the device at its end."""
    result = {"way": way, "batch": batch, "tf32": tf32}
    try:
        return {**result, **times(images, tf32, batch, way)}
    except Exception as exception:  # any: the other ways are still measured
        return {**result, "failed": f"{type(exception).__name__}: {exception}"[:500]}


def times(images, tf32, batch, way):
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = tf32
    torch.manual_seed(1)
    torch.compiler.reset()
    device, steps = images.device, -(-len(images) // batch)
    trainer, order = Trainer(device, way), torch.randperm(len(images), device=device)

    def some(step):
        indices = order[step * batch:(step + 1) * batch]
        return images.index_select(0, indices).float().div_(255).view(-1, 1, 28, 28)

    def run(count):
        began, losses = time.perf_counter(), []
        for step in range(count):
            torch.compiler.cudagraph_mark_step_begin()
            losses.append(trainer.step(some(step), step / (EPOCHS * steps)).clone())
            if len(losses) == BLOCK or step == count - 1:
                last = torch.stack(losses).tolist()[-1]  # synchronizes
                losses.clear()
        return time.perf_counter() - began, last

    if "graph" in way:
        trainer.capture(some(0))
    run(WARM_UP)
    milliseconds = [run(BLOCK)[0] * 1e3 / BLOCK for _ in range(BLOCKS)]
    run(steps)
    seconds, losses = run(steps)
    return {
        "ms_per_step": statistics.median(milliseconds), "least_ms": min(milliseconds), "most_ms": max(milliseconds),
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
runs = [measure(train, tf32, batch, way) for batch in BATCHES for tf32 in (False, True) for way in WAYS]
fastest = {
    f"ms_per_step_{batch}": min(
        (run["ms_per_step"] for run in runs if run["batch"] == batch and not run["tf32"] and "ms_per_step" in run), default=None)
    for batch in BATCHES
}
print(json.dumps({"device": name, "torch": torch.__version__, "fastest": fastest, "runs": runs}, indent=2))
