using System.Text.Json;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>Driver libraries without a usable device: reported with a remedy, never taken for a device.</summary>
[Platform(Include = "Linux")]
public sealed class DriverTests
{
    private const int Accelerator = 4;
    private const string Cuda = "libcuda.so.1", OpenCL = "libOpenCL.so.1";

    private const string NoPlatform =
        "int clGetPlatformIDs(unsigned n, void *p, unsigned *count) { if (count) *count = 0; return -1001; }\n"
        + "int clGetDeviceIDs(void *p, unsigned long t, unsigned n, void *d, unsigned *count) { return -1; }\n";

    private const string InitFails = "int cuInit(unsigned flags) { return ERROR; }\n"
        + "int cuDeviceGetCount(int *count) { *count = 0; return ERROR; }\n";

    /// <summary>Stub of a driver of the given version that lists one GPU.</summary>
    private const string OneGpu = """
        #include <stddef.h>
        #include <string.h>
        int cuInit(unsigned flags) { return 0; }
        int cuDriverGetVersion(int *version) { *version = VERSION; return 0; }
        int cuDeviceGetCount(int *count) { *count = 1; return 0; }
        int cuDeviceGet(int *device, int number) { *device = number; return 0; }
        int cuDeviceGetName(char *name, int length, int device) { strncpy(name, "Stub GPU", length); return 0; }
        int cuDeviceTotalMem_v2(size_t *bytes, int device) { *bytes = 1 << 30; return 0; }
        int cuDeviceGetAttribute(int *value, int attribute, int device) {
            *value = attribute == 75 ? MAJOR : attribute == 76 ? 0 : 32; return 0;
        }
        """;

    private static IEnumerable<TestCaseData> Drivers =>
    [
        Case("cuda", "GPU that is not there", () => Compile(Cuda, InitFails, 100), $"{Cuda} is here", "CUDA_ERROR_NO_DEVICE", "install"),
        Case("cuda", "library that does not match the system", () => Compile(Cuda, InitFails, 803), $"{Cuda} is here", "error 803"),
        Case("cuda", "GPUs, none", () => Compile(Cuda, InitFails, 0), $"{Cuda} is here", "it lists no GPU"),
        Case("cuda", "old driver", () => Gpu(5050, 5), "Stub GPU", "CUDA 5.5", "11.4", "install a newer"),
        Case("cuda", "driver without graphs", () => Gpu(11030, 8), "Stub GPU", "CUDA 11.3", "11.4", "install a newer"),
        Case("cuda", "GPU that ILGPU does not know", () => Gpu(12040, 2), $"{Cuda} is here", "counts GPUs"),
        .. Broken("cuda", Cuda),
        Case("opencl", "loader without a driver", () => StubDriver.CompileOrSkip(OpenCL, NoPlatform),
            $"{OpenCL} is here, but no driver lists a device: install pocl-opencl-icd >= 7"),
        .. Broken("opencl", OpenCL),
    ];

    private static string[] Verbs =>
        ["train", "resume", "evaluate", "generate", "map", "locate", "explore", "compare", "doctor", "gradcheck", "bench"];

    [TestCaseSource(nameof(Drivers))]
    public void Devices_DriverWithoutAUsableDevice_SayWhyAndWhatToDo(string accelerator, Func<StubDriver> make, string[] words)
    {
        using StubDriver driver = make();
        JsonElement list = CommandAssert.Json(ProgramRun.With([driver.Variable], "devices", "--json")).GetProperty("accelerators");
        JsonElement info = list.EnumerateArray().Single(each => each.GetProperty("name").GetString() == accelerator);

        Assert.That(info.GetProperty("available").GetBoolean(), Is.False);
        string reason = info.GetProperty("reason").GetString()!;
        Assert.That(words, Is.All.Matches<string>(word => reason.Contains(word!, StringComparison.Ordinal)), reason);
        Assert.That(
            info.GetProperty("devices").EnumerateArray().Select(each => each.GetProperty("name").GetString()), Is.All.EqualTo("Stub GPU"));
    }

    [TestCaseSource(nameof(Drivers))]
    public void Train_OnADriverWithoutAUsableDevice_EndsBeforeItMakesAnything(string accelerator, Func<StubDriver> make, string[] words)
    {
        using StubDriver driver = make();
        using TemporaryFolder folder = new();
        string output = folder.File("runs");

        ProgramRun run = ProgramRun.With(
            [driver.Variable], "train", "--data", SharedRun.Data, "--output", output, "--accelerator", accelerator);

        Assert.That(run.ExitCode, Is.EqualTo(Accelerator), run.Error);
        Assert.That(words, Is.All.Matches<string>(word => run.Error.Contains(word!, StringComparison.Ordinal)), run.Error);
        Assert.That(Directory.Exists(output), Is.False);
    }

    [Test]
    public void Train_LeftToAuto_TakesTheProcessorAndSaysWhy()
    {
        using StubDriver driver = Compile(Cuda, InitFails, 100);
        KeyValuePair<string, string?>[] environment = [driver.Variable, new("CUDA_VISIBLE_DEVICES", "")];

        ProgramRun run = ProgramRun.With(environment, "train", "--data", SharedRun.Data, "--dry-run");

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Error, Does.StartWith("accelerator: cpu ").And.Contain("CUDA_ERROR_NO_DEVICE"));
        Assert.That(run.Error, Does.Contain("unset CUDA_VISIBLE_DEVICES, which is '', or install"));
    }

    [Test]
    public void Train_DeviceThatDoesNotOpen_NamesItAndEndsBeforeItMakesAnything()
    {
        using StubDriver driver = Gpu(12040, 8);
        using TemporaryFolder folder = new();
        string output = folder.File("runs");

        ProgramRun run = ProgramRun.With([driver.Variable], "train", "--data", SharedRun.Data, "--output", output, "--accelerator", "cuda");

        Assert.That(run.ExitCode, Is.EqualTo(Accelerator), run.Error);
        Assert.That(run.Error, Does.Contain("does not open device 0, Stub GPU"));
        Assert.That(Directory.Exists(output), Is.False);
    }

    [TestCaseSource(nameof(Verbs))]
    public void Verb_LibraryThatDoesNotLoad_EndsBeforeItMakesAnything(string verb)
    {
        using StubDriver driver = StubDriver.Text(OpenCL);
        using TemporaryFolder folder = new();
        string ending = verb switch { "generate" => ".png", "locate" => ".csv", "explore" => ".html", _ => "" };
        string output = folder.File($"results{ending}");
        string[] arguments = verb switch
        {
            "train" or "compare" => [verb, "--data", SharedRun.Data, "--output", output],
            "bench" => [verb, "--data", SharedRun.Data],
            "doctor" or "gradcheck" => [verb],
            "generate" or "map" or "locate" or "explore" => [verb, SharedRun.Path, "--output", output],
            _ => [verb, SharedRun.Path],
        };

        ProgramRun run = ProgramRun.With([driver.Variable], [.. arguments, "--accelerator", "opencl"]);

        Assert.That(run.ExitCode, Is.EqualTo(Accelerator), run.Error);
        Assert.That(run.Error, Does.Contain($"{OpenCL} is here, but does not load (").And.Contain("install"));
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Path), Is.Empty);
    }

    private static IEnumerable<TestCaseData> Broken(string accelerator, string library) =>
    [
        Case(accelerator, "text", () => StubDriver.Text(library), $"{library} is here, but does not load (", "install"),
        Case(accelerator, "library for another processor", () => StubDriver.Other(library, isForeign: true),
            $"{library} is here, but does not load (", "install"),
        Case(accelerator, "another library", () => StubDriver.Other(library, isForeign: false),
            $"{library} is here, but has no function ", "install"),
    ];

    private static StubDriver Gpu(int version, int major) => StubDriver.CompileOrSkip(
        Cuda, $"#define VERSION {version}\n#define MAJOR {major}\n{OneGpu}");

    private static StubDriver Compile(string library, string code, int error) =>
        StubDriver.CompileOrSkip(library, $"#define ERROR {error}\n{code}");

    private static TestCaseData Case(string accelerator, string what, Func<StubDriver> make, params string[] words) =>
        new TestCaseData(accelerator, make, words).SetArgDisplayNames(accelerator, what);
}
