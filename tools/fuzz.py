"""Runs the program with random command lines, environments and configuration files: fuzz.py PROGRAM SECONDS SEED

A bad outcome is an exit code other than the documented ones, a stack trace, a failure without one line "error: ...", or more than a
minute. Prints the number of command lines and of bad outcomes; fails if there are any.
"""

import collections
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DATA = Path(__file__).parent.parent / "data/sample"
VALUES = [
    "", " ", "0", "1", "-1", "2", "3", "-0", "0.5", "1,5", "1e-30", "1e400", "nan", "NaN", "Infinity", "2147483648", "99999999999999999999",
    "18446744073709551616", "true", "null", "4x4", "0x0", "1x1", "3x", "auto", "cpu", "opencl", "cuda", "hexagon", "vae", "map", "none",
    "report", "test", "all", "train", "tests", "runs", "absent", ".", "*", "~", "/dev/null", "/dev/full", "config.json", "out.png",
    "out.npz", "out.html", "\t", "\n", "a\nb", "\u00fc", "\u202e", "\U0001f600", "'", '"', "$(id)", "%s%n", "--", "-", "@file", "-h",
    "x" * 5000,
]
ENVIRONMENT = {
    "LANG": ["tr_TR.UTF-8", "xx_YY", "C", ""],
    "LC_ALL": ["de_DE.UTF-8", "zh_CN.GB18030"],
    "TZ": ["Nowhere/Land", "UTC+25"],
    "TERM": ["dumb", "", "xterm", "\x01"],
    "COLUMNS": ["0", "-5", "1", "999999999999", "ten"],
    "NO_COLOR": ["1", ""],
    "HOME": ["", "/absent", "/dev/null"],
    "TMPDIR": ["/absent"],
    "PATH": [""],
    "OMPI_COMM_WORLD_SIZE": ["2", "x"],
    "DOTNET_gcServer": ["1"],
    "XDG_CACHE_HOME": ["/dev/null"],
}
CONFIG = '{"settings": {"epochs": 1, "limit": 8, "map_height": 2, "latent": 8, "learning_rate": 0.001, "attention": "none"}, "threads": 1}'


class Fuzz:
    def __init__(self, program, seed):
        self.program, self.random = program, random.Random(seed)
        self.codes, self.bad = collections.Counter(), []
        root = subprocess.run([program, "--help"], capture_output=True, text=True).stdout
        self.verbs = re.findall(r"^  (?!dotnet )([a-z]+) .*  ", root, re.MULTILINE)
        assert len(self.verbs) > 15, f"the help names the commands {self.verbs}"
        self.options = {verb: self.options_of(verb) for verb in self.verbs}

    def options_of(self, verb):
        text = subprocess.run([self.program, verb, "--help-all"], capture_output=True, text=True).stdout
        return re.findall(r"^  (--[a-z-]+)", text, re.MULTILINE)

    def value(self):
        choice = self.random.random()
        if choice < 0.7:
            return self.random.choice(VALUES)
        if choice < 0.9:
            return str(self.random.randint(-10, 100))
        return "".join(chr(self.random.randint(1, 0x2FFF)) for _ in range(self.random.randint(1, 12)))

    def config(self):
        text = CONFIG
        for _ in range(self.random.randint(0, 3)):
            place = self.random.randrange(len(text))
            new = self.random.choice(["", '"', "}", "9", "-", "null", "1e999", "[", ",", "\\ud800", "map_width", self.value()])
            text = text[:place] + new + text[place + self.random.randint(0, 4) :]
        return text

    def arguments(self, folder):
        verb = self.random.choice(self.verbs) if self.random.random() < 0.97 else self.value()
        words = [verb]
        # What would take minutes is bounded, if the line is valid at all.
        if verb in ("train", "compare"):
            words += ["--limit", "8", "--data", str(DATA)] + (["--dry-run"] if verb == "train" and self.random.random() < 0.7 else [])
            words += ["--epochs", "1"] if self.random.random() < 0.9 else []
        if verb == "bench":
            words += ["--only", "roof"]
        if self.random.random() < 0.5 and verb not in ("train", "devices"):
            words.append(self.value())
        for _ in range(self.random.randint(0, 3)):
            words.append(self.random.choice(self.options.get(verb) or ["--json"]))
            if self.random.random() < 0.8:
                words.append(self.value())
        if verb == "train" and self.random.random() < 0.3:
            (folder / "config.json").write_text(self.config(), errors="surrogatepass")
            words += ["--config", "config.json"]
        return [word.replace("\0", "") for word in words]

    def run(self):
        folder = Path(tempfile.mkdtemp())
        words = self.arguments(folder)
        environment = dict(os.environ)
        for name in self.random.sample(sorted(ENVIRONMENT), self.random.choice([0, 0, 1, 2])):
            environment[name] = self.random.choice(ENVIRONMENT[name])
        fault = None
        try:
            result = subprocess.run(
                [self.program, *words], cwd=folder, env=environment, capture_output=True, stdin=subprocess.DEVNULL, timeout=60
            )
            error = result.stderr.decode(errors="replace")
            self.codes[result.returncode] += 1
            if result.returncode not in (0, 1, 2, 3, 4):
                fault = f"exit code {result.returncode}"
            elif ("\n   at " in error and "--verbose" not in words) or "Unhandled exception" in error:
                fault = "a stack trace"
            elif result.returncode in (1, 2, 3, 4) and not re.search(r"^error: .", error, re.MULTILINE):
                fault = "no line 'error: ...'"
        except subprocess.TimeoutExpired:
            error, fault = "", "more than a minute"
        if fault:
            changed = {name: value for name, value in environment.items() if os.environ.get(name) != value}
            self.bad.append(f"{fault}: {words} with {changed}\n{error[:600]}")
            print(self.bad[-1], file=sys.stderr, flush=True)
        shutil.rmtree(folder, ignore_errors=True)


def main(program, seconds, seed):
    fuzz = Fuzz(program, int(seed))
    end = time.monotonic() + float(seconds)
    count = 0
    while time.monotonic() < end:
        fuzz.run()
        count += 1
    codes = ", ".join(f"{number} with exit code {code}" for code, number in sorted(fuzz.codes.items()))
    print(f"commands: {count} inputs, {codes}, {len(fuzz.bad)} bad")
    sys.exit(1 if fuzz.bad else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
