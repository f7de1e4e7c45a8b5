using GenSomAttn.Model.Settings;
using NUnit.Framework;

namespace GenSomAttn.BrowserTests;

/// <summary>What all tests use: one browser, and a map of 12x12 units, trained on some of the repository's images.</summary>
[SetUpFixture]
public sealed class SharedMap
{
    internal static Browser Browser { get; private set; } = null!;

    internal static TrainedMap Map { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Map = TrainedMap.Of(new TrainingSettings { Epochs = 2, Seed = 1, Limit = 6400 }, Sets.FashionMnist(6400));
        Browser = await Browser.StartAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await Browser.DisposeAsync();
        Map.Dispose();
    }
}
