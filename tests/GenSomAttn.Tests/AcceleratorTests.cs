using GenSomAttn.Backends;
using GenSomAttn.Backends.Selection;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests;

/// <summary>The list of accelerators: available ones are created, others are refused and their tests are skipped.</summary>
public sealed class AcceleratorTests
{
    private static IEnumerable<TestCaseData> Listed => BackendFactory.Accelerators.Select(info =>
    {
        TestCaseData data = new(info.Name);
        return info.Available ? data : data.Ignore($"{info.Name} is not available: {info.Reason}. No test runs on it.");
    });

    private static IEnumerable<string> Absent =>
        BackendFactory.Accelerators.Where(info => !info.Available).Select(info => info.Name);

    private static IEnumerable<TestCaseData> WithMemoryOfTheirOwn
    {
        get
        {
            string[] present =
            [
                .. BackendFactory.Accelerators.Where(info => info.Available && info.Name is ("cuda" or "opencl")).Select(info => info.Name),
            ];
            return present.Length > 0
                ? present.Select(name => new TestCaseData(name))
                : [new TestCaseData("cuda or opencl").Ignore("Neither cuda nor opencl is here, and the others take memory from the host.")];
        }
    }

    [TestCaseSource(nameof(Listed))]
    public void Create_Listed_AddsOnItsDevice(string accelerator)
    {
        using Backend<float> backend = BackendFactory.Create(accelerator, threads: 0);
        using DeviceBuffer<float> numbers = backend.Allocate<float>(3);
        numbers.CopyFrom([1, 2, 3]);
        backend.Add(numbers.View, numbers.View, numbers.View);
        Assert.That(numbers.View.ToArray(), Is.EqualTo(new float[] { 2, 4, 6 }));
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void Adopt_SomeElements_ComputesWithTheElementsAndLeavesThem(string accelerator)
    {
        float[] elements = [1, 2, 3, 4, 5];
        using Backend<float> backend = AllBackends.Create(accelerator);
        using DeviceBuffer<float> sums = backend.Allocate<float>(3);
        using (DeviceBuffer<float> adopted = backend.Adopt<float>(elements))
        {
            Assert.That(adopted.Length, Is.EqualTo(5));
            backend.Add(adopted.View.Slice(1, 3), adopted.View.Slice(2, 3), sums.View);
        }

        Assert.That(sums.View.ToArray(), Is.EqualTo(new float[] { 5, 7, 9 }));
        Assert.That(elements, Is.EqualTo(new float[] { 1, 2, 3, 4, 5 }));
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void CaptureStep_SomeWork_RunsItAtEveryCallAndCountsItsLaunches(string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using DeviceBuffer<float> ones = backend.Allocate<float>(5);
        using DeviceBuffer<float> sums = backend.Allocate<float>(5);
        ones.CopyFrom([1, 1, 1, 1, 1]);
        using CapturedStep add = backend.CaptureStep(() =>
        {
            backend.Add(sums.View, ones.View, sums.View);
            backend.Add(sums.View, ones.View, sums.View);
        });

        // On CUDA: warm-up, capture, replay.
        for (int call = 1; call <= 4; call++)
        {
            long before = backend.Counters?.Launches ?? 0;
            add.Run();

            Assert.That((backend.Counters?.Launches ?? 2) - before, Is.EqualTo(2), $"call {call}");
            Assert.That(sums.View.ToArray(), Is.All.EqualTo(2 * call));
        }
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void Dispose_Twice_DoesNothingTheSecondTime(string accelerator)
    {
        Backend<float> backend = AllBackends.Create(accelerator);
        backend.Dispose();

        Assert.That(backend.Dispose, Throws.Nothing);
    }

    [TestCaseSource(nameof(Absent))]
    public void Create_Absent_IsRefusedWithTheListOfWhatIsThere(string accelerator)
        => Assert.That(
            () => BackendFactory.Create(accelerator, threads: 0),
            Throws.TypeOf<AcceleratorUnavailableException>().With.Message.Contains(accelerator).And.Message.Contains("cpu"));

    [Test]
    public void Create_UnknownName_NamesTheKnownOnes()
        => Assert.That(() => BackendFactory.Create("gpu", threads: 0), Throws.ArgumentException.With.Message.Contains("cuda"));

    [Test]
    public void Names_AreThoseOfTheList()
        => Assert.That(BackendFactory.Accelerators.Select(info => info.Name), Is.EqualTo(BackendFactory.Names));

    [TestCase("cpu")]
    [TestCase("ilgpu-cpu")]
    public void Create_DeviceThatIsNotThere_NamesThoseThatAre(string accelerator)
        => Assert.That(
            () => BackendFactory.Create(accelerator, threads: 0, device: 7),
            Throws.TypeOf<AcceleratorUnavailableException>().With.Message.Contains("7").And.Message.Contains("0"));

    [Test]
    public void Accelerators_ThatAreNotHere_SayWhatIsMissing()
        => Assert.That(
            BackendFactory.Accelerators.Where(info => !info.Available).Select(info => info.Reason),
            Is.All.Contains("install"));

    [TestCaseSource(nameof(WithMemoryOfTheirOwn))]
    public void Allocate_MoreThanTheDeviceAllows_SaysHowMuchAndWhatIsFree(string accelerator)
    {
        using Backend<float> backend = BackendFactory.Create(accelerator, threads: 0);
        List<DeviceBuffer<float>> held = [];

        // 8 GB at a time, until the device is out of memory.
        Assert.That(
            () =>
            {
                for (int i = 0; i < 1000; i++)
                {
                    held.Add(backend.Allocate<float>(2_000_000_000));
                }
            },
            Throws.TypeOf<DeviceMemoryException>().With.Message.Contains("8000.0 MB were asked for").And.Message.Contains("free"));
        using DeviceBuffer<float> small = backend.Allocate<float>(3);
        Assert.That(small.View.ToArray(), Is.All.Zero);
    }
}
