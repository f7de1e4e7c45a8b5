using GenSomAttn.Backends;
using GenSomAttn.Backends.Selection;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels.Shapes;
using NUnit.Framework;

namespace GenSomAttn.Tests.Support;

/// <summary>
/// Sources of test cases: the reference and the available backends of the factory's list. <see cref="AcceleratorTests"/> skips each of
/// the others once, with its reason. The simulator runs small cases only: it has an operating system thread for each thread of a GPU, and
/// a barrier takes a tenth of a millisecond.
/// </summary>
internal static class AllBackends
{
    /// <summary>The simulator's name.</summary>
    public const string Simulator = "ilgpu-cpu";

    /// <summary>The reference's name.</summary>
    public const string Reference = "reference";

    /// <summary>Maximum elements of a case on the simulator, counted over all operands or, for some operations, over the loop.</summary>
    private const long ManyElements = 4000;

    /// <summary>Test cases of one argument, the accelerator's name.</summary>
    public static IEnumerable<TestCaseData> Names => Present.Select(name => new TestCaseData(name));

    /// <summary>Test cases of one argument, the names of the backends that run kernels.</summary>
    public static IEnumerable<TestCaseData> Devices =>
        Present.Where(name => name is not (Reference or "cpu")).Select(name => new TestCaseData(name));

    /// <summary>Devices without the simulator, for expensive tests.</summary>
    public static IEnumerable<TestCaseData> FastDevices =>
        Fast.Where(name => name is not (Reference or "cpu")).Select(name => new TestCaseData(name));

    /// <summary>All names without the simulator, for expensive tests.</summary>
    public static IEnumerable<TestCaseData> FastNames => With();

    /// <summary>Fixtures of one argument, the accelerator's name.</summary>
    public static IEnumerable<TestFixtureData> Fixtures => Fast.Select(name => new TestFixtureData(name));

    private static IEnumerable<string> Present =>
        BackendFactory.Accelerators.Where(each => each.Available && each.Name is not "auto").Select(each => each.Name).Prepend(Reference);

    private static IEnumerable<string> Fast => Present.Where(name => name != Simulator);

    /// <summary>Test cases that end with the accelerator's name; none for the simulator.</summary>
    public static IEnumerable<TestCaseData> With(params object[] arguments)
        => Fast.Select(name => new TestCaseData([.. arguments, name]));

    /// <summary>Test cases of two arguments: each of the values on each backend, small ones on the simulator too.</summary>
    public static IEnumerable<TestCaseData> Each<T>(params T[] values)
        where T : notnull
        => values.SelectMany(value => Present.Where(name => name != Simulator || Elements(value) <= ManyElements)
            .Select(name => new TestCaseData(value, name)));

    /// <summary>Creates the backend of a test case, on all processors.</summary>
    public static Backend<float> Create(string accelerator) => BackendFactory.Create(accelerator, threads: 0);

    private static long Elements(object value) => value switch
    {
        int length => length,
        RowsShape shape => shape.TotalLength,
        SomShape shape => (long)shape.Samples * shape.Units,
        GradientCase gradientCase => gradientCase.Inputs.Sum(input => input.Length) + gradientCase.OutputLength,
        FileInfo file => file.Length / sizeof(float),
        ISizedCase sized => sized.Elements,
        _ => 0,
    };
}

/// <summary>A test case of known size.</summary>
internal interface ISizedCase
{
    /// <summary>Elements that it processes.</summary>
    long Elements { get; }
}
