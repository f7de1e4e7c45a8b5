using GenSomAttn.Backends;
using NUnit.Framework;

namespace GenSomAttn.Tests.Support;

/// <summary>The backends that one test body runs on: the reference and all of the factory's list.</summary>
internal static class AllBackends
{
    /// <summary>Test cases of one argument, the accelerator's name; one that is not here is skipped with its reason.</summary>
    public static IEnumerable<TestCaseData> Names => With();

    /// <summary>Test cases that end with the accelerator's name; one that is not here is skipped with its reason.</summary>
    public static IEnumerable<TestCaseData> With(params object[] arguments)
    {
        yield return new TestCaseData([.. arguments, "reference"]);
        foreach (AcceleratorInfo info in BackendFactory.Accelerators.Where(each => each.Name != "auto"))
        {
            TestCaseData data = new([.. arguments, info.Name]);
            yield return info.Available ? data : data.Ignore($"{info.Name} is not available: {info.Reason}.");
        }
    }

    /// <summary>Fixtures of one argument, the accelerator's name; one that is not here is skipped with its reason.</summary>
    public static IEnumerable<TestFixtureData> Fixtures
    {
        get
        {
            yield return new TestFixtureData("reference");
            foreach (AcceleratorInfo info in BackendFactory.Accelerators.Where(each => each.Name != "auto"))
            {
                TestFixtureData data = new(info.Name);
                yield return info.Available ? data : data.Ignore($"{info.Name} is not available: {info.Reason}.");
            }
        }
    }

    /// <summary>Test cases of two arguments: each of the values on each backend.</summary>
    public static IEnumerable<TestCaseData> Each<T>(params T[] values)
        where T : notnull => values.SelectMany(value => With(value));

    /// <summary>The backend of a test case, on all processors.</summary>
    public static IBackend Create(string accelerator) => BackendFactory.Create(accelerator, threads: 0);
}
