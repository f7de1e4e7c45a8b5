#:project ../src/GenSomAttn/GenSomAttn.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

using GenSomAttn;

// Trains a map on an array and saves it: dotnet run --file samples/train.cs -- map.safetensors
const int Count = 400, Side = 16;

// White disks on black, of another radius and at another place in each image.
float[] pixels = new float[Count * Side * Side];
var random = new Random(1);
for (int n = 0; n < Count; n++)
{
    (double radius, double x, double y) = (2 + (4 * random.NextDouble()), Side * random.NextDouble(), Side * random.NextDouble());
    for (int i = 0; i < Side * Side; i++)
    {
        double distance = Math.Sqrt(Math.Pow((i % Side) - x, 2) + Math.Pow((i / Side) - y, 2));
        pixels[(n * Side * Side) + i] = (float)Math.Clamp(radius - distance, 0, 1);
    }
}

var images = new Images(pixels, Side);
var options = new TrainOptions { Epochs = 20, BatchSize = 16, Rows = 6, Columns = 6, TestImages = images };
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

using GenerativeMap map = await GenerativeMap.TrainAsync(images, options, new Printer(), stop.Token);
Console.WriteLine($"{map.Steps} steps{(map.Stopped ? ", stopped" : "")}");
using FileStream file = File.Create(args[0]);
map.Save(file);

internal sealed class Printer : IProgress<EpochReport>
{
    public void Report(EpochReport report) =>
        Console.WriteLine($"epoch {report.Epoch}/{report.Epochs}: loss {report.Loss:0.00000}, mse_e {report.MseE:0.00000}");
}
