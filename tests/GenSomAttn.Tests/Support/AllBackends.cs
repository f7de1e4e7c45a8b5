using GenSomAttn.Backends;
using NUnit.Framework;

namespace GenSomAttn.Tests.Support;

/// <summary>
/// The backends that one test body runs on: the reference and those of the factory's list that are here. The others are
/// skipped once each, with their reason, by <see cref="AcceleratorTests"/>.
/// </summary>
internal static class AllBackends
{
    /// <summary>Test cases of one argument, the accelerator's name.</summary>
    public static IEnumerable<TestCaseData> Names => With();

    /// <summary>Fixtures of one argument, the accelerator's name.</summary>
    public static IEnumerable<TestFixtureData> Fixtures => Present.Select(name => new TestFixtureData(name));

    private static IEnumerable<string> Present =>
        BackendFactory.Accelerators.Where(each => each.Available && each.Name is not ("auto" or "ilgpu-cpu")).Select(each => each.Name).Prepend("reference");

    /// <summary>Test cases that end with the accelerator's name.</summary>
    public static IEnumerable<TestCaseData> With(params object[] arguments)
        => Present.Select(name => new TestCaseData([.. arguments, name]));

    /// <summary>Test cases of two arguments: each of the values on each backend.</summary>
    public static IEnumerable<TestCaseData> Each<T>(params T[] values)
        where T : notnull => values.SelectMany(value => With(value));

    /// <summary>The backend of a test case, on all processors.</summary>
    public static IBackend Create(string accelerator) => BackendFactory.Create(accelerator, threads: 0);
}
