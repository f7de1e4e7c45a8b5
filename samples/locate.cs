#:project ../src/GenSomAttn/GenSomAttn.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

using System.Globalization;
using GenSomAttn;

// Prints where the pictures of a folder lie on a trained map, those that fit least last:
// dotnet run --file samples/locate.cs -- map.safetensors photos
using var map = GenerativeMap.Load(args[0]);
Images images = Images.Read(args[1], map.Side, map.Channels);
MapPlace[] places = map.Locate(images.ToArray());
Console.WriteLine("file,row,column,distance");
foreach ((string file, MapPlace place) in images.Files.Zip(places).OrderBy(pair => pair.Second.Distance))
{
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file},{place.Row},{place.Column},{place.Distance:0.0000}"));
}
