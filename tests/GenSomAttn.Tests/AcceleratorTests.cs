using GenSomAttn.Backends;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests;

/// <summary>The list of accelerators: what it offers is made, what is not here is refused and its tests are skipped.</summary>
public sealed class AcceleratorTests
{
    private static IEnumerable<TestCaseData> Listed => BackendFactory.Accelerators.Select(info =>
    {
        TestCaseData data = new(info.Name);
        return info.Available ? data : data.Ignore($"{info.Name} is not available: {info.Reason}. No test runs on it.");
    });

    private static IEnumerable<string> Absent =>
        BackendFactory.Accelerators.Where(info => !info.Available).Select(info => info.Name);

    [TestCaseSource(nameof(Listed))]
    public void Create_Listed_AddsOnItsDevice(string accelerator)
    {
        using IBackend backend = BackendFactory.Create(accelerator, threads: 0);
        using DeviceBuffer<float> numbers = backend.Allocate<float>(3);
        numbers.CopyFrom([1, 2, 3]);
        backend.Add(numbers.View, numbers.View, numbers.View);
        Assert.That(numbers.View.ToArray(), Is.EqualTo(new float[] { 2, 4, 6 }));
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void Adopt_SomeElements_ComputesWithTheElementsAndLeavesThem(string accelerator)
    {
        float[] elements = [1, 2, 3, 4, 5];
        using IBackend backend = AllBackends.Create(accelerator);
        using DeviceBuffer<float> sums = backend.Allocate<float>(3);
        using (DeviceBuffer<float> adopted = backend.Adopt(elements))
        {
            Assert.That(adopted.Length, Is.EqualTo(5));
            backend.Add(adopted.View.Slice(1, 3), adopted.View.Slice(2, 3), sums.View);
        }

        Assert.That(sums.View.ToArray(), Is.EqualTo(new float[] { 5, 7, 9 }));
        Assert.That(elements, Is.EqualTo(new float[] { 1, 2, 3, 4, 5 }));
    }

    [TestCaseSource(nameof(Absent))]
    public void Create_Absent_IsRefusedWithTheListOfWhatIsThere(string accelerator)
        => Assert.That(
            () => BackendFactory.Create(accelerator, threads: 0),
            Throws.TypeOf<AcceleratorUnavailableException>().With.Message.Contains(accelerator).And.Message.Contains("cpu"));

    [Test]
    public void Create_UnknownName_NamesTheKnownOnes()
        => Assert.That(() => BackendFactory.Create("gpu", threads: 0), Throws.ArgumentException.With.Message.Contains("cuda"));
}
