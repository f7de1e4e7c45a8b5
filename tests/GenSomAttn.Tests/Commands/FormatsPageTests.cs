using System.Diagnostics;
using System.Text.RegularExpressions;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>
/// The Python of docs/FORMATS.md runs on a small run, with Debian's Python and NumPy: its blocks check themselves, the loader within 1e-4
/// of the program's codes and images (NumPy sums in another order, and in double).
/// </summary>
public sealed partial class FormatsPageTests
{
    private const string Python = "/usr/bin/python3";

    [Test]
    public void Python_OfThePage_ReadsARun()
    {
        if (!File.Exists(Python) || RunPython(Repository.Root, "import numpy").ExitCode != 0)
        {
            Assert.Ignore($"{Python} with NumPy is needed: apt-get install python3-numpy, or tools/formats-tests.sh.");
        }

        using TemporaryFolder folder = new();
        WriteData(folder.File("data/fashion-mnist"));
        Run(folder, "train --seed 1 --epochs 5 --batch-size 20 --accelerator cpu");
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "FORMATS.md"));
        string[] commands = [.. Command().Matches(page).Select(match => match.Groups[1].Value.Trim())];
        foreach (string command in commands.Where(command => !command.StartsWith("train", StringComparison.Ordinal)))
        {
            Run(folder, command);
        }

        string[] blocks = [.. Block().Matches(page).Select(match => match.Groups[1].Value)];
        IEnumerable<string> networks = blocks.Where(block => block.Contains("\ndef load(", StringComparison.Ordinal)
            || block.StartsWith("def ", StringComparison.Ordinal));
        File.WriteAllText(folder.File("networks.py"), string.Concat(networks));
        foreach (string block in blocks.Where(block => !block.StartsWith("def ", StringComparison.Ordinal)))
        {
            ProgramRun run = RunPython(folder.Path, block);
            Assert.That(run.ExitCode, Is.Zero, $"{block}\n{run.Error}");
        }

        Assert.That(commands, Has.Length.GreaterThan(3));
        Assert.That(blocks, Has.Length.GreaterThan(9));
        Assert.That(blocks.Single(block => block.Contains("\ndef load(", StringComparison.Ordinal)).Split('\n'), Has.Length.EqualTo(26));

        // The blocks do check: with another epsilon, the codes differ.
        string wrong = File.ReadAllText(folder.File("networks.py")).Replace("1e-5", "1e-1", StringComparison.Ordinal);
        File.WriteAllText(folder.File("networks.py"), wrong);
        string codes = blocks.Single(block => block.Contains("encode(load", StringComparison.Ordinal));
        Assert.That(RunPython(folder.Path, codes).Error, Does.Contain("AssertionError"));
    }

    private static void Run(TemporaryFolder folder, string command)
    {
        ProgramRun run = ProgramRun.In(folder.Path, AppContext.BaseDirectory, [], command.Split(' '));
        Assert.That(run.ExitCode, Is.Zero, $"{command}\n{run.Error}");
    }

    /// <summary>Writes 120 training and 40 test images in the files of Fashion-MNIST.</summary>
    private static void WriteData(string folder)
    {
        Directory.CreateDirectory(folder);
        TinyData.Write(folder, 120, 40, 28);
        foreach (string file in Directory.GetFiles(folder))
        {
            File.WriteAllBytes($"{file}.gz", IdxSet.Pack(File.ReadAllBytes(file)));
            File.Delete(file);
        }
    }

    private static ProgramRun RunPython(string folder, string program)
    {
        ProcessStartInfo start = new(Python, ["-c", program])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ProgramRun(process.ExitCode, output, error.Result);
    }

    [GeneratedRegex("^```python\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    /// <summary>Matches the commands of the page's block of commands.</summary>
    [GeneratedRegex("^dotnet run -- (.*)$", RegexOptions.Multiline)]
    private static partial Regex Command();
}
