#:project ../src/GenSomAttn/GenSomAttn.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

using GenSomAttn;

// Generates images with a trained map and prints them as characters: dotnet run --file samples/generate.cs -- map.safetensors 3
using var map = GenerativeMap.Load(args[0]);
int count = int.Parse(args[1]);
float[] images = map.Generate(count, seed: 1);
for (int n = 0; n < count; n++)
{
    MapPlace place = map.Locate(images.AsSpan(n * images.Length / count, images.Length / count))[0];
    Console.WriteLine($"image {n}, at unit {place.Row},{place.Column}");
    for (int row = 0; row < map.Side; row++)
    {
        var characters = Enumerable.Range(0, map.Side).Select(column => Character(Value(n, row, column)));
        Console.WriteLine(string.Concat(characters));
    }
}

// The first channel of a pixel.
float Value(int n, int row, int column) => images[((((n * map.Side) + row) * map.Side) + column) * map.Channels];

static char Character(float value) => " .:-=+*#%@"[(int)(value * 9.99f)];
